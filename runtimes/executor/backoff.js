'use strict';
/** How long to wait before an executor is started again. Pure: is told how long the last one lived. */

const FIRST = 50;
const LAST = 5000;
/** One that lived this long has worked: the next failure is a new one. */
const STEADY = 10_000;

class Backoff {
  #delay = FIRST;

  /**
   * @param {number} livedMs
   * @returns {number} milliseconds
   */
  after(livedMs) {
    if (livedMs >= STEADY) this.#delay = FIRST;
    const delay = this.#delay;
    this.#delay = Math.min(delay * 2, LAST);
    return delay;
  }
}

module.exports = { Backoff };
