'use strict';
/**
 * Turns what user code prints into lines: the global console, process.stdout.write and process.stderr.write. Node's
 * own Console does the formatting, so tables, groups, counters and timers look as they always do.
 */

const { Console } = require('console');
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
 * @param {NodeJS.WriteStream} stream
 * @param {Level} level
 * @param {import('./lines').Lines} lines
 */
function captureStream(stream, level, lines) {
  /** @type {any} */ (stream).write = (
    /** @type {string | Uint8Array} */ chunk,
    /** @type {BufferEncoding | (() => void)} */ encoding,
    /** @type {(() => void) | undefined} */ callback,
  ) => {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (lines.admit()) {
      const text = withoutNewline(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      if (text !== '') lines.print(level, text);
    }
    if (typeof done === 'function') nextTick(done);
    return true;
  };
  // A reader that has gone away must not end the executor.
  stream.on('error', () => {});
}

/** @param {import('./lines').Lines} lines */
function capture(lines) {
  captureConsole(lines);
  captureStream(process.stdout, 'info', lines);
  captureStream(process.stderr, 'error', lines);
}

module.exports = { capture };
