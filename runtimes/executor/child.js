'use strict';
/**
 * One executor as its host sees it: a child process in its own process group, from its start to the word on how it
 * ended. Hears from it through a pipe at descriptor 3 (control.js), looks at its memory, and kills it when told to.
 */

const { spawn } = require('child_process');
const path = require('path');
const { whileStill } = require('./hold');
const { oldSpace, preferAsVictim, residentBytes } = require('./memory');
const { readProgress } = require('./progress');
const { progressPath } = require('./settings');
const { Stderr } = require('./stderr');

/** Descriptors can be held open by what an executor started: its end is not waited for longer than this. */
const CLOSE_MS = 200;
/** An executor without its pipe cannot work any more. */
const MUTE_MS = 500;

/** @typedef {'Exited' | 'Drained' | 'Idle' | 'Killed' | 'MemoryExceeded' | 'LoadFailed'} Reason */
/** @typedef {{code: number | null, signal: NodeJS.Signals | null, reason: Reason}} End */
/** @typedef {{operation: string, message: string}} LoadFailure */

/**
 * @typedef {object} ChildOptions
 * @property {string} name
 * @property {import('./settings').HostSettings} settings
 * @property {(child: Child) => void} onReady
 * @property {(child: Child, failure: LoadFailure) => void} onLoadFailed
 * @property {(child: Child, end: End) => void} onEnd
 */

class Child {
  startedAt = Date.now();
  /** @type {number | null} when it began to load its functions; null before and after */
  loadingSince = null;
  /** Which function it is loading. */
  loadingOperation = '';
  isReady = false;
  ended = false;
  #options;
  #process;
  #stderr;
  /** @type {Reason | null} */
  #reason = null;

  /** @param {ChildOptions} options */
  constructor(options) {
    this.#options = options;
    const { name, settings } = options;
    this.#stderr = new Stderr(name);
    this.#process = spawn(process.execPath, [...flags(settings), path.join(__dirname, 'executor.js')], {
      detached: true,
      stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TZ: 'UTC',
        XKIT_EXECUTOR: name,
        XKIT_SOCKET: settings.socket,
        XKIT_FUNCTIONS: settings.functions,
      },
    });
    if (this.#process.pid !== undefined) preferAsVictim(this.#process.pid);
    this.#listen();
  }

  get name() {
    return this.#options.name;
  }

  get pid() {
    return this.#process.pid || 0;
  }

  get residentBytes() {
    return this.ended ? 0 : residentBytes(this.pid);
  }

  /** Calls, so far. */
  get started() {
    return readProgress(progressPath(this.#options.settings.socket, this.name)).started;
  }

  /**
   * Ends it, unless it has started a call. One that is on its way to it then never starts, and the dispatcher, which
   * reads in the progress file that it has not, runs it elsewhere: whether it was to serve or to stand by is all one.
   */
  endUnused() {
    if (this.ended) return;
    whileStill(this.pid, () => {
      if (this.started === 0) this.kill('Idle');
    });
  }

  /**
   * With all that it started; the first reason given is the one that counts.
   * @param {Reason} reason
   */
  kill(reason) {
    if (this.ended) return;
    this.#reason = this.#reason || reason;
    this.#killGroup();
  }

  #killGroup() {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  }

  #listen() {
    const { stderr, stdio } = this.#process;
    stderr?.setEncoding('utf8').on('data', (text) => this.#stderr.push(text));
    const pipe = /** @type {import('net').Socket} */ (stdio[3]);
    let rest = '';
    pipe.setEncoding('utf8').on('data', (text) => {
      const words = (rest + text).split('\n');
      rest = words.pop() || '';
      for (const word of words) this.#hear(word);
    });
    pipe.on('error', () => {});
    pipe.on('close', () => setTimeout(() => this.kill('Exited'), MUTE_MS));
    this.#process.on('error', () => this.#end(null, null));
    this.#process.on('exit', (code, signal) => {
      this.#killGroup();
      const late = setTimeout(() => this.#end(code, signal), CLOSE_MS);
      this.#process.on('close', () => {
        clearTimeout(late);
        this.#end(code, signal);
      });
    });
  }

  /** @param {string} text one word of control.js */
  #hear(text) {
    let word;
    try {
      word = JSON.parse(text);
    } catch {
      // User code has written to the descriptor.
      return;
    }
    if (word.state === 'loading') {
      this.loadingSince = this.loadingSince || Date.now();
      this.loadingOperation = String(word.operation);
      return;
    }
    this.loadingSince = null;
    this.isReady = word.state === 'ready';
    if (this.isReady) this.#options.onReady(this);
    if (word.state === 'draining') this.#reason = 'Drained';
    if (word.state === 'load-failed') {
      this.#reason = 'LoadFailed';
      this.#options.onLoadFailed(this, { operation: String(word.operation), message: String(word.message) });
    }
  }

  /**
   * @param {number | null} code
   * @param {NodeJS.Signals | null} signal
   */
  #end(code, signal) {
    if (this.ended) return;
    this.ended = true;
    this.#stderr.end();
    const reason = this.#reason || (this.#stderr.exhausted ? 'MemoryExceeded' : 'Exited');
    this.#options.onEnd(this, { code, signal, reason });
  }
}

/** @param {import('./settings').HostSettings} settings */
function flags({ memoryBytes }) {
  return [
    `--max-old-space-size=${oldSpace(memoryBytes)}`,
    // Else the young generation grows to 48 MiB under load and stays so; a call costs the same with 12.
    '--max-semi-space-size=4',
    // Four threads to compile and collect hold 1.5 MiB, and have one CPU to share with the calls.
    '--v8-pool-size=1',
    '--disable-proto=delete',
    '--experimental-abortcontroller',
    '--experimental-specifier-resolution=node',
    '--no-warnings',
  ];
}

module.exports = { Child, flags };
