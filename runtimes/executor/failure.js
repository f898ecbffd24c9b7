'use strict';
/**
 * What an error thrown by a function means for its record. Its name decides first, then the HTTP status of the system
 * that the function called, else it is the function's own failure. Pure; anything may be thrown, also null and
 * proxies.
 */

const { inspect } = require('util');
const { cut } = require('./text');

const MESSAGE_BYTES = 4096;
const DAY = 86_400;
/** Client errors that another try may overcome: an expired key, a timeout, a conflict, a lock, too early, too many. */
const PASSING = new Set([401, 403, 408, 409, 423, 425, 429]);

/**
 * @typedef {object} Failure
 * @property {'skipped' | 'rejected' | 'failed'} outcome
 * @property {string} [code]
 * @property {string} message
 * @property {number} [targetStatus]
 * @property {number} [retryAfter] seconds
 */

/** @param {any} thrown */
function namesOf(thrown) {
  const names = [thrown.name];
  for (let type = Object.getPrototypeOf(thrown); type !== null; type = Object.getPrototypeOf(type)) {
    names.push(type.constructor && type.constructor.name);
  }
  return names;
}

/** @param {any} thrown */
function statusOf(thrown) {
  const candidates = [thrown.response && thrown.response.status, thrown.status, thrown.statusCode];
  return candidates.find((status) => Number.isInteger(status) && status >= 400 && status <= 599);
}

/** @param {any} headers of axios (an object) or of fetch (with get) */
function retryAfterHeader(headers) {
  if (!headers) return undefined;
  const text = typeof headers.get === 'function' ? headers.get('retry-after') : headers['retry-after'];
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const seconds = Number(text);
  return Number.isNaN(seconds) ? (Date.parse(text) - Date.now()) / 1000 : seconds;
}

/**
 * @param {any} thrown
 * @returns {number | undefined}
 */
function retryAfterOf(thrown) {
  const seconds =
    typeof thrown.retryAfter === 'number'
      ? thrown.retryAfter
      : retryAfterHeader(thrown.response ? thrown.response.headers : thrown.headers);
  if (seconds === undefined || Number.isNaN(seconds)) return undefined;
  return Math.ceil(Math.min(Math.max(seconds, 0), DAY));
}

/**
 * @param {unknown} thrown
 * @returns {string} without stack, not masked yet
 */
function messageOf(thrown) {
  const message = /** @type {any} */ (thrown)?.message;
  if (typeof message === 'string' && message !== '') return message;
  if (thrown instanceof Error) return thrown.name;
  return typeof thrown === 'string' && thrown !== '' ? thrown : `the function threw ${inspect(thrown, { depth: 2 })}`;
}

/**
 * @param {any} thrown
 * @returns {Omit<Failure, 'message'>}
 */
function verdict(thrown) {
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) {
    return { outcome: 'failed', code: 'FunctionError' };
  }
  const retryAfter = retryAfterOf(thrown);
  const later = retryAfter === undefined ? {} : { retryAfter };
  for (const name of namesOf(thrown)) {
    if (name === 'EventNotSupported') return { outcome: 'skipped' };
    if (name === 'ValidationError' || name === 'InvalidEventPayload') return { outcome: 'rejected', code: name };
    if (name === 'RetryError') return { outcome: 'failed', code: name, ...later };
  }
  const targetStatus = statusOf(thrown);
  if (targetStatus === undefined) return { outcome: 'failed', code: 'FunctionError', ...later };
  return targetStatus >= 500 || PASSING.has(targetStatus)
    ? { outcome: 'failed', code: 'TargetFailed', targetStatus, ...later }
    : { outcome: 'rejected', code: 'TargetRefused', targetStatus };
}

/**
 * @param {unknown} thrown
 * @param {import('./mask').Mask} mask
 * @returns {Failure}
 */
function failure(thrown, mask) {
  try {
    return { ...verdict(thrown), message: cut(mask.text(messageOf(thrown)), MESSAGE_BYTES) };
  } catch {
    // A getter or a proxy that throws while we look at it.
    return { outcome: 'failed', code: 'FunctionError', message: 'the function threw something that cannot be read' };
  }
}

/**
 * @param {unknown} thrown
 * @returns {string} for the log
 */
function stackOf(thrown) {
  try {
    const stack = /** @type {any} */ (thrown)?.stack;
    return typeof stack === 'string' ? stack : messageOf(thrown);
  } catch {
    return 'something that cannot be read';
  }
}

module.exports = { MESSAGE_BYTES, failure, messageOf, stackOf };
