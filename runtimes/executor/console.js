'use strict';
/**
 * Turns what user code prints into lines: the global console, process.stdout.write and process.stderr.write. Node's
 * own Console does the formatting, so tables, groups, counters and timers look as they always do.
 */

const { Console } = require('console');
const { Writable } = require('stream');
const { nextTick } = require('./own');

/** @typedef {import('./lines').Level} Level */

/** @type {Readonly<Record<string, Level>>} */
const LEVELS = Object.freeze({
  debug: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  table: 'info',
  warn: 'warn',
  error: 'error',
  trace: 'error',
});

/** @param {string} text */
const withoutNewline = (text) => (text.endsWith('\n') ? text.slice(0, -1) : text);

/** @param {import('./lines').Lines} lines */
function captureConsole(lines) {
  /** @type {Level | undefined} */
  let level;
  /** @param {Level} fallback */
  const sink = (fallback) => ({
    /** @param {string} text */
    write: (text) => lines.print(level || fallback, withoutNewline(text)),
  });
  const formatter = new Console(
    /** @type {any} */ ({ stdout: sink('info'), stderr: sink('warn'), ignoreErrors: false, colorMode: false }),
  );
  for (const [name, method] of Object.entries(formatter)) {
    if (typeof method !== 'function') continue;
    const own = LEVELS[name];
    /** @type {any} */ (console)[name] =
      own === undefined
        ? method
        : (/** @type {unknown[]} */ ...parts) => {
            if (!lines.admit()) return;
            level = own;
            try {
              method(...parts);
            } finally {
              level = undefined;
            }
          };
  }
}

/**
 * User code gets a stream of its own. It never ends: whoever ends or destroys it means their own part.
 * @param {Level} level
 * @param {number} fd
 * @param {import('./lines').Lines} lines
 */
function stream(level, fd, lines) {
  const writable = new Writable({
    write(chunk, _encoding, done) {
      if (lines.admit()) {
        const text = withoutNewline(chunk.toString());
        if (text !== '') lines.print(level, text);
      }
      done();
    },
  });
  const end = (/** @type {unknown[]} */ ...parts) => {
    const done = parts.find((part) => typeof part === 'function');
    const [chunk, encoding] = parts;
    if (chunk !== done) writable.write(chunk, /** @type {any} */ (encoding === done ? undefined : encoding));
    if (typeof done === 'function') nextTick(done);
    return writable;
  };
  return Object.assign(writable, { fd, end, destroy: () => writable });
}

/**
 * @param {'stdout' | 'stderr'} name
 * @param {Level} level
 * @param {import('./lines').Lines} lines
 */
function captureStream(name, level, lines) {
  // A reader that has gone away must not end the executor.
  process[name].on('error', () => {});
  const value = stream(level, process[name].fd, lines);
  Object.defineProperty(process, name, { value, configurable: true, enumerable: true, writable: true });
  /** @type {any} */ (console)[`_${name}`] = value;
}

/** @param {import('./lines').Lines} lines */
function capture(lines) {
  captureConsole(lines);
  captureStream('stdout', 'info', lines);
  captureStream('stderr', 'error', lines);
}

module.exports = { capture };
