'use strict';
/**
 * Hides secret values in what leaves the executor: results, messages, console lines. Knows each value raw,
 * JSON-escaped and URL-encoded, and each line of a value of several lines; values from before a rotation stay hidden.
 * Base64 and hashes of a secret are not recognised.
 */

const { parse, stringify } = require('./own');

const MASK = '***';
/** Shorter ones occur by chance in every second text. */
const SHORTEST = 4;

/**
 * @param {string} value
 * @returns {string[]}
 */
function formsOf(value) {
  return [value, ...value.split(/\r?\n/), value.trim()].flatMap((text) => {
    const forms = [text, stringify(text).slice(1, -1)];
    try {
      const encoded = encodeURIComponent(text);
      forms.push(encoded, encoded.replace(/%20/g, '+'));
    } catch {
      // A lone surrogate has no URL encoding.
    }
    return forms;
  });
}

class Mask {
  /** @type {Set<string>} */
  #forms = new Set();
  /** @type {RegExp | null} */
  #pattern = null;

  /** @param {unknown[]} values */
  learn(values) {
    for (const value of values) {
      if (typeof value !== 'string') continue;
      for (const form of formsOf(value)) if (form.length >= SHORTEST) this.#forms.add(form);
    }
    if (this.#forms.size === 0) return;
    // Longest first: where one value begins with another, none of its rest may show.
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  }

  /**
   * @param {string} text
   * @returns {string}
   */
  text(text) {
    return this.#pattern === null ? text : text.replace(this.#pattern, MASK);
  }

  /**
   * JSON text in, JSON text out: texts, keys and numbers are masked one by one, so that the result stays JSON.
   * @param {string} json
   * @returns {string}
   */
  json(json) {
    if (this.#pattern === null || json.search(this.#pattern) < 0) return json;
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
    if (typeof value === 'number') return this.text(String(value)) === String(value) ? value : MASK;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [this.text(key), member]));
  }
}

module.exports = { Mask };
