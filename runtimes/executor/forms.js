'use strict';
/**
 * The ways in which a secret may stand in a text, as sources of regular expressions: as it is, escaped as JSON or by
 * util.inspect, also several times over, and URL-encoded by whichever rules. Pure.
 */

/** Shorter ones occur by chance in every second text. */
const SHORTEST = 4;
/** Longer ones are known by their pieces: V8 compiles no pattern of unbounded size. */
const LONGEST = 512;

/** @type {Record<string, string>} */
const LETTERS = { '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r' };

/** @param {string} text of hexadecimal digits */
const anyCase = (text) => text.replace(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);

/**
 * @param {string} character
 * @returns {string[]} none for a lone surrogate, which has no URL encoding
 */
function percent(character) {
  const bytes = /[\ud800-\udfff]/u.test(character) ? '' : Buffer.from(character).toString('hex');
  return bytes === '' ? [] : [anyCase(bytes.replace(/../g, '%$&'))];
}

/**
 * What stands behind the backslashes of an escape.
 * @param {string} character
 * @returns {string[]} `u00e9` and, where there are such, `xE9` and a letter
 */
function escapes(character) {
  const [first = '', second] = [...Array(character.length).keys()].map((index) =>
    anyCase(character.charCodeAt(index).toString(16).padStart(4, '0')),
  );
  const letter = LETTERS[character];
  if (second !== undefined) return [`u${first}\\\\{1,8}u${second}`];
  return [`u${first}`, ...(first.startsWith('00') ? [`x${first.slice(2)}`] : []), ...(letter ? [letter] : [])];
}

/**
 * One character with the backslashes before it, together: as parts of their own they would match in many ways, and a
 * text that nearly matches would take for ever. Each time that a text is escaped doubles them; three times, at most.
 * @param {string} token
 */
function sourceOf(token) {
  const character = token.replace(/^\\+/, '');
  const length = token.length - character.length;
  const plain = /^[\w-]$/.test(character);
  const literal = /^[!-/:-@[-`{-~]$/.test(character) ? `\\${character}` : character;
  const encoded = [...percent(character), ...(character === ' ' ? ['\\+'] : [])];
  if (length === 0) {
    if (plain) return literal;
    return `(?:${[`\\\\{0,7}${literal}`, `\\\\{1,8}(?:${escapes(character).join('|')})`, ...encoded].join('|')})`;
  }
  // A URL of http turns backslashes into slashes.
  const before = `(?:\\\\{${length},${8 * length + 8}}|(?:%5[cC]){${length}}|/{${length}})`;
  if (plain || character === '') return before + literal;
  return `${before}(?:${[literal, ...encoded, ...escapes(character)].join('|')})`;
}

/**
 * @param {string} text
 * @returns {string[]}
 */
function pieces(text) {
  // Of equal size, so that none is too short.
  const count = Math.ceil(text.length / LONGEST);
  const size = Math.ceil(text.length / count);
  return Array.from({ length: count }, (_, index) => text.slice(index * size, (index + 1) * size));
}

/**
 * @param {string} value
 * @returns {import('./patterns').Form[]} of the whole, of each line, and of both without the space around them
 */
function formsOf(value) {
  const texts = [value, ...value.split(/\r\n|\n|\r/)].flatMap((text) => [text, text.trim()]);
  const long = texts.filter((text) => text.length >= SHORTEST).flatMap(pieces);
  return [...new Set(long)].map((text) => (text.match(/\\*[^\\]|\\+$/gu) || []).map(sourceOf));
}

module.exports = { formsOf };
