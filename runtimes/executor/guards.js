'use strict';
/**
 * Keeps user code from ending the executor by mistake, and finds the errors that nobody awaits. Such an error is a
 * fault: it is reported once with the record that caused it, which keeps its own outcome.
 */

const { ownerOf, storage } = require('./context');

/** @typedef {(thrown: unknown, owner: import('./context').Owner | undefined) => void} OnFault */

function forbidExit() {
  /** @type {any} */ (process).exit = () => {
    throw new Error('process.exit ends the process that other records run in: return or throw instead');
  };
}

/** @param {OnFault} onFault */
function watch(onFault) {
  process.on('uncaughtException', (thrown) => onFault(thrown, storage.getStore()));
  process.on('unhandledRejection', (reason, promise) => {
    const owner = ownerOf(promise);
    // While its call runs it may still be awaited: `const later = ask(); await other; await later`.
    if (owner === undefined || owner.settled) onFault(reason, owner);
    else (owner.rejections = owner.rejections || new Map()).set(promise, reason);
  });
  process.on('rejectionHandled', (promise) => {
    ownerOf(promise)?.rejections?.delete(promise);
  });
}

/**
 * Experimental features are ours (the flags of host.js); other warnings of Node are the author's.
 * @param {import('./lines').Lines} lines
 */
function reportWarnings(lines) {
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning' && name !== 'PromiseRejectionHandledWarning') {
      lines.report('warn', `${name}: ${message}`, storage.getStore());
    }
  });
}

/**
 * @param {OnFault} onFault
 * @param {import('./lines').Lines} lines
 */
function guard(onFault, lines) {
  forbidExit();
  watch(onFault);
  reportWarnings(lines);
}

module.exports = { guard };
