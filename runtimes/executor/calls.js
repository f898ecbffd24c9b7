'use strict';
/**
 * The calls that an executor runs: starts each in its own context, fires its signal at the deadline, and hands its
 * outcome to the link. Knows nothing of sockets; a call is answered exactly once, also when its answer comes late.
 */

const { owner, storage } = require('./context');
const { failure, stackOf } = require('./failure');
const { AbortController, OwnMap, fire, isoTime, now, textOf } = require('./own');
const { succeeded } = require('./result');

/** @typedef {(call: object) => unknown} UserFunction */

/**
 * @typedef {object} Call
 * @property {number} id
 * @property {import('./context').Owner} owner
 * @property {AbortController} controller
 * @property {boolean} orphaned its connection is gone: nobody waits for the answer
 */

/**
 * @typedef {object} CallsOptions
 * @property {(id: number, text: string) => void} answer
 * @property {(owner: import('./context').Owner) => void} onSettled after an answer, and at a deadline
 * @property {() => void} onBroken user code has broken what answers are made with
 * @property {(id: number) => void} onStart before a call starts
 * @property {import('./lines').Lines} lines
 * @property {import('./mask').Mask} mask
 */

class Calls {
  /** @type {Map<string, UserFunction>} by operation */
  functions = new OwnMap();
  /** @type {() => Record<string, unknown>} each call gets its own copy */
  variables = () => ({});
  /** @type {Map<number, Call>} */
  #running = new OwnMap();
  #lastDeadline = 0;
  #lastText = '';
  /** How many calls are neither answered nor given up. */
  open = 0;
  #options;

  /** @param {CallsOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {number} id
   * @param {any} request one call of an `invoke` frame
   */
  start(id, request) {
    const { operation, source, meta } = request;
    const slug = (source && source.slug) || null;
    const about = owner({ requestId: id, record: meta.id, operation, source: slug });
    const call = { id, owner: about, controller: new AbortController(), orphaned: false };
    this.#running.set(id, call);
    this.open += 1;
    this.#options.onStart(id);
    storage.run(about, () => void this.#run(call, request));
  }

  /**
   * The deadline of a call has passed.
   * @param {number} id
   */
  abort(id) {
    const call = this.#running.get(id);
    if (call === undefined || call.owner.settled) return;
    this.#settle(call);
    storage.run(call.owner, () => fire(call.controller));
  }

  /** The connection is gone, and with it everybody who waited for an answer. */
  abandon() {
    this.#running.forEach((call) => {
      call.orphaned = true;
      this.abort(call.id);
    });
    this.#running.clear();
  }

  /**
   * One async function and one await of ours: with AsyncLocalStorage each further promise costs as much as the parsing
   * of a small record.
   * @param {Call} call
   * @param {any} request
   */
  async #run(call, request) {
    try {
      let text;
      try {
        text = succeeded(await this.#invoke(call, request), this.#options.mask);
      } catch (thrown) {
        text = this.#failed(call, thrown);
      }
      if (call.orphaned) return;
      this.#running.delete(call.id);
      this.#options.answer(call.id, text);
      if (!call.owner.settled) this.#settle(call);
    } catch {
      this.#options.onBroken();
    }
  }

  /**
   * @param {Call} call
   * @param {unknown} thrown
   */
  #failed(call, thrown) {
    const { lines, mask } = this.#options;
    const outcome = failure(thrown, mask);
    if (outcome.outcome !== 'skipped') {
      lines.report(outcome.outcome === 'failed' ? 'error' : 'warn', stackOf(thrown), call.owner);
    }
    return textOf(outcome);
  }

  /**
   * @param {Call} call
   * @param {any} request
   */
  #invoke(call, { operation, inputs, context, connection, source, meta: given, timeoutMs }) {
    const run = this.functions.get(operation);
    if (run === undefined) throw new EventNotSupported(`this destination has no ${operation} function`);
    const { id, attempt = 1, time = null, key = null, traceparent } = given;
    const deadline = this.#textOf(now() + timeoutMs);
    const { signal } = call.controller;
    /** @type {Record<string, unknown>} */
    const meta = { id, operation, attempt, time, key, deadline, signal };
    if (traceparent !== undefined) meta.traceparent = traceparent;
    return run({ variables: this.variables(), inputs, context, connection, source, meta });
  }

  /**
   * Calls that start together have the same deadline, and making its text costs as much as all else of `meta`.
   * @param {number} deadline
   */
  #textOf(deadline) {
    if (deadline !== this.#lastDeadline) {
      this.#lastDeadline = deadline;
      this.#lastText = isoTime(deadline);
    }
    return this.#lastText;
  }

  /** @param {Call} call */
  #settle(call) {
    call.owner.settled = true;
    this.open -= 1;
    this.#options.lines.close(call.owner);
    this.#options.onSettled(call.owner);
  }
}

/** Has the name that means "skip": see failure.js. */
class EventNotSupported extends Error {}

module.exports = { Calls };
