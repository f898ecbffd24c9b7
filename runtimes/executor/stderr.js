'use strict';
/**
 * What an executor writes to standard error: only what Node and V8 say when they end it, for console lines go to
 * standard output. Passed on as log lines, few of them, and searched for the words of an exhausted heap.
 */

const { log } = require('./jsonline');
const { cut } = require('./text');

const LINES = 100;
const LINE_BYTES = 4096;
const EXHAUSTED = /heap out of memory|Allocation failed|invalid (?:array length|size error|table size)/;

class Stderr {
  /** V8 has said that the heap is exhausted. */
  exhausted = false;
  #executor;
  #left = LINES;
  #rest = '';

  /** @param {string} executor */
  constructor(executor) {
    this.#executor = executor;
  }

  /** @param {string} text */
  push(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = cut(lines.pop() || '', LINE_BYTES);
    for (const line of lines) this.#line(line);
  }

  end() {
    this.#line(this.#rest);
    this.#rest = '';
  }

  /** @param {string} line */
  #line(line) {
    if (line.trim() === '') return;
    if (EXHAUSTED.test(line)) this.exhausted = true;
    if (this.#left === 0) return;
    this.#left -= 1;
    log('error', cut(line, LINE_BYTES), { executor: this.#executor });
  }
}

module.exports = { Stderr };
