'use strict';
/**
 * When the executor beyond those that serve is worth its memory, and which one is given up. Pure: is told the time and
 * what the executors have done.
 */

/** Needed while calls start, and for a while after the last one. */
class Standby {
  #quietMs;
  #since;
  #started = 0;

  /**
   * @param {number} quietMs how long nothing may start until nobody needs it
   * @param {number} now
   */
  constructor(quietMs, now) {
    this.#quietMs = quietMs;
    this.#since = now;
  }

  /**
   * @param {number} started calls that the executors of this moment have started: when one of them ends, its calls
   * are missing, which is as good a reason to keep a standby as another call
   * @param {number} now
   */
  isNeeded(started, now) {
    if (started !== this.#started) {
      this.#started = started;
      this.#since = now;
    }
    return now - this.#since < this.#quietMs;
  }
}

/**
 * The youngest that has never started a call: the dispatcher sends calls to those that were ready first.
 * @template {{isReady: boolean, started: number}} Executor
 * @param {Executor[]} executors oldest first
 * @param {number} serving how many must stay
 * @returns {Executor | undefined}
 */
function superfluous(executors, serving) {
  const ready = executors.filter((one) => one.isReady);
  if (ready.length <= serving) return undefined;
  return ready.reverse().find((one) => one.started === 0);
}

module.exports = { Standby, superfluous };
