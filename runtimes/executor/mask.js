'use strict';
/**
 * Hides secret values in what leaves the executor: results, messages, console lines. Knows each value in the forms of
 * forms.js, and each line of a value of several lines; values from before a rotation stay hidden. Base64 and hashes of
 * a secret are not recognised.
 */

const { formsOf } = require('./forms');
const { Uint8Array, create, isArray, keys, parse, part, search, stringify } = require('./own');
const { patternsOf } = require('./patterns');

const MASK = '***';
/**
 * @param {string} text
 * @param {Uint8Array} hidden 1 for each character that may not show
 */
function cover(text, hidden) {
  let covered = '';
  let start = 0;
  for (let index = 0; index < hidden.length; index += 1) {
    if (hidden[index] === 1) {
      if (hidden[index - 1] !== 1) covered += part(text, start, index) + MASK;
      start = index + 1;
    }
  }
  return covered + part(text, start);
}

class Mask {
  /** @type {Map<string, import('./patterns').Form>} */
  #forms = new Map();
  /** @type {RegExp[]} */
  #patterns = [];

  /** @param {unknown[]} values */
  learn(values) {
    for (const value of values) {
      if (typeof value !== 'string') continue;
      for (const form of formsOf(value)) this.#forms.set(form.join(''), form);
    }
    this.#patterns = patternsOf(this.#forms);
  }

  /**
   * @param {string} text
   * @returns {string}
   */
  text(text) {
    /** @type {Uint8Array | null} */
    let hidden = null;
    for (let index = 0; index < this.#patterns.length; index += 1) {
      const pattern = /** @type {RegExp} */ (this.#patterns[index]);
      pattern.lastIndex = 0;
      for (let match = search(pattern, text); match !== null; match = search(pattern, text)) {
        hidden = hidden || new Uint8Array(text.length);
        for (let at = match.index; at < pattern.lastIndex; at += 1) hidden[at] = 1;
      }
    }
    return hidden === null ? text : cover(text, hidden);
  }

  /**
   * JSON text in, JSON text out: texts, keys and numbers are masked one by one, so that the result stays JSON.
   * @param {string} json
   * @returns {string}
   */
  json(json) {
    if (this.text(json) === json) return json;
    try {
      return stringify(parse(json, (_key, value) => this.#value(value)));
    } catch {
      // Nested too deep to be walked: rather nothing than a secret.
      return stringify(MASK);
    }
  }

  /** @param {unknown} value */
  #value(value) {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.text(`${value}`) === `${value}` ? value : MASK;
    if (typeof value !== 'object' || value === null || isArray(value)) return value;
    const names = keys(value);
    const masked = create(null);
    for (let index = 0; index < names.length; index += 1) {
      const name = /** @type {string} */ (names[index]);
      masked[this.text(name)] = /** @type {any} */ (value)[name];
    }
    return masked;
  }
}

module.exports = { Mask };
