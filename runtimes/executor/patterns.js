'use strict';
/**
 * One search for many texts: turns them into few regular expressions, each a tree of common beginnings, so that the
 * time for a search hardly depends on how many there are. Pure.
 */

/** Characters of one pattern: V8 compiles none of unbounded size. */
const LARGEST = 16_384;

/** @typedef {string[]} Form sources of regular expressions, one for each character */

/**
 * Where one form begins with another, the longer one is preferred: none of its rest may show.
 * @param {Form[]} forms with the same first `depth` parts
 * @param {number} depth
 * @returns {string}
 */
function tree(forms, depth) {
  /** @type {Map<string, Form[]>} */
  const branches = new Map();
  let ends = false;
  for (const form of forms) {
    const next = form[depth];
    if (next === undefined) ends = true;
    else branches.set(next, [...(branches.get(next) || []), form]);
  }
  const sources = [...branches].map(([next, group]) => next + tree(group, depth + 1));
  if (sources.length === 0) return '';
  if (sources.length === 1 && !ends) return String(sources[0]);
  return `(?:${sources.join('|')})${ends ? '?' : ''}`;
}

/**
 * @param {Map<string, Form>} forms by their whole source
 * @returns {RegExp[]}
 */
function patternsOf(forms) {
  /** @type {Form[][]} */
  const groups = [];
  let room = 0;
  for (const source of [...forms.keys()].sort()) {
    if (source.length > room) {
      groups.push([]);
      room = LARGEST;
    }
    /** @type {Form[]} */ (groups[groups.length - 1]).push(/** @type {Form} */ (forms.get(source)));
    room -= source.length;
  }
  return groups.map((group) => new RegExp(tree(group, 0), 'g'));
}

module.exports = { patternsOf };
