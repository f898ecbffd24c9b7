'use strict';
/**
 * Keeps N executors alive, and one standby while it is needed: starts them, starts them again with backoff, and ends
 * those that hold too much memory or never finish loading. Tells its owner what happened; knows nothing of the socket.
 */

const fs = require('fs');
const { Backoff } = require('./backoff');
const { Child } = require('./child');
const { log } = require('./jsonline');
const { readProgress } = require('./progress');
const { progressPath } = require('./settings');
const { Standby, superfluous } = require('./standby');

const LOOK_MS = 200;
/** The dispatcher may still want to read what an executor last did. */
const KEEP_PROGRESS_MS = 60_000;

/** @typedef {import('./child').LoadFailure & {executor: string}} LoadFailure */
/** @typedef {import('./child').End & {executor: string, pid: number, lastStarted: number, started: number}} Exited */

/**
 * @typedef {object} SupervisorOptions
 * @property {import('./settings').HostSettings} settings
 * @property {(exited: Exited) => void} onExited
 * @property {(failure: LoadFailure) => void} onEndless loading never ended: the executor cannot say so itself
 * @property {(failure: LoadFailure) => void} onHopeless no executor was ever ready, and one could not load
 */

class Supervisor {
  #options;
  #standby;
  /** @type {Map<string, Child>} */
  #children = new Map();
  /** Executors that there are, or will be again once their backoff is over. */
  #places = 0;
  #count = 0;
  #everReady = false;
  #stopped = false;

  /** @param {SupervisorOptions} options */
  constructor(options) {
    this.#options = options;
    this.#standby = new Standby(options.settings.standbySeconds * 1000, Date.now());
  }

  start() {
    this.#fill();
    setInterval(() => this.#look(), LOOK_MS);
  }

  /**
   * @param {string} name
   * @param {string} why
   */
  kill(name, why) {
    const child = this.#children.get(name);
    if (child === undefined) return;
    log('warn', `killing the executor: ${why}`, { executor: name });
    child.kill('Killed');
  }

  /** By name. */
  get residentBytes() {
    return Object.fromEntries([...this.#children].map(([name, child]) => [name, child.residentBytes]));
  }

  stop() {
    this.#stopped = true;
    for (const child of this.#children.values()) child.kill('Killed');
  }

  #fill() {
    for (; this.#places <= this.#options.settings.executors; this.#places += 1) this.#spawn(new Backoff());
  }

  /** @param {Backoff} backoff of this place among the executors */
  #spawn(backoff) {
    if (this.#stopped) return;
    this.#count += 1;
    const name = `e${this.#count}`;
    const child = new Child({
      name,
      settings: this.#options.settings,
      onReady: () => {
        this.#everReady = true;
      },
      onLoadFailed: (_child, failure) => this.#loadFailed({ ...failure, executor: name }),
      onEnd: (_child, end) => this.#ended(child, end, backoff),
    });
    this.#children.set(name, child);
  }

  /**
   * @param {Child} child
   * @param {import('./child').End} end
   * @param {Backoff} backoff
   */
  #ended(child, end, backoff) {
    const { name, pid } = child;
    this.#children.delete(name);
    if (this.#stopped) return;
    const file = progressPath(this.#options.settings.socket, name);
    this.#options.onExited({ executor: name, pid, ...end, ...readProgress(file) });
    setTimeout(() => fs.unlink(file, () => {}), KEEP_PROGRESS_MS);
    if (end.reason === 'Idle' && this.#places > this.#options.settings.executors) {
      this.#places -= 1;
      log('info', 'ended: no call has started for a while; the next one brings another standby', { executor: name });
      return;
    }
    const delay = backoff.after(Date.now() - child.startedAt);
    const message = `ended: ${end.reason}, ${end.signal || `code ${end.code}`}; the next one starts in ${delay} ms`;
    log(end.reason === 'Drained' ? 'info' : 'warn', message, { executor: name });
    setTimeout(() => this.#spawn(backoff), delay);
  }

  /** @param {LoadFailure} failure */
  #loadFailed(failure) {
    if (!this.#everReady) this.#options.onHopeless(failure);
  }

  #look() {
    const { memoryBytes, loadSeconds } = this.#options.settings;
    for (const child of this.#children.values()) {
      if (child.residentBytes > memoryBytes) child.kill('MemoryExceeded');
      const since = child.loadingSince;
      if (since !== null && Date.now() - since > loadSeconds * 1000) this.#endless(child);
    }
    this.#weighStandby();
  }

  #weighStandby() {
    const children = [...this.#children.values()];
    const started = children.reduce((sum, child) => sum + child.started, 0);
    if (this.#standby.isNeeded(started, Date.now())) this.#fill();
    else superfluous(children, this.#options.settings.executors)?.endUnused();
  }

  /** @param {Child} child */
  #endless(child) {
    const { loadSeconds } = this.#options.settings;
    const message = `loading has not ended within ${loadSeconds} s: top-level code must come to an end`;
    const failure = { operation: child.loadingOperation, message, executor: child.name };
    child.kill('LoadFailed');
    this.#options.onEndless(failure);
    this.#loadFailed(failure);
  }
}

module.exports = { Supervisor };
