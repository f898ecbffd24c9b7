'use strict';
/**
 * What an error thrown by a function means for its record. Its name decides first, then the HTTP status of the system
 * that the function called, else it is the function's own failure. Anything may be thrown, also null, and what throws
 * again while it is looked at.
 */

const { inspect } = require('util');
const { getPrototypeOf, isInteger, search } = require('./own');
const { read } = require('./read');
const { retryAfterOf } = require('./retryafter');
const { cut } = require('./text');

const MESSAGE_BYTES = 4096;
/** What another try may overcome: errors of the server, an expired key, a timeout, a conflict, a lock, too many. */
const PASSING = /^(?:401|403|408|409|423|425|429|5\d\d)$/;
/** A chain of classes is never this long; that of a proxy may have no end. */
const MOST_CLASSES = 100;

/**
 * @typedef {object} Failure
 * @property {'skipped' | 'rejected' | 'failed'} outcome
 * @property {string} [code]
 * @property {string} message
 * @property {number} [targetStatus]
 * @property {number} [retryAfter] seconds
 */

/** @param {any} value */
function above(value) {
  try {
    return getPrototypeOf(value);
  } catch {
    return null;
  }
}

/** @param {unknown} name */
const decides = (name) =>
  name === 'ValidationError' || name === 'InvalidEventPayload' || name === 'EventNotSupported' || name === 'RetryError';

/**
 * @param {any} thrown
 * @returns {string | undefined} the first name that decides
 */
function decisiveName(thrown) {
  const own = read(thrown, 'name');
  if (decides(own)) return own;
  let type = above(thrown);
  for (let count = 0; type !== null && count < MOST_CLASSES; count += 1) {
    const name = read(read(type, 'constructor'), 'name');
    if (decides(name)) return name;
    type = above(type);
  }
  return undefined;
}

/** @param {any} thrown */
function statusOf(thrown) {
  const candidates = [read(read(thrown, 'response'), 'status'), read(thrown, 'status'), read(thrown, 'statusCode')];
  for (let index = 0; index < candidates.length; index += 1) {
    const status = candidates[index];
    if (isInteger(status) && status >= 400 && status <= 599) return status;
  }
  return undefined;
}

/**
 * @param {unknown} thrown
 * @returns {string} without stack, not masked yet
 */
function describe(thrown) {
  const message = read(thrown, 'message');
  if (typeof message === 'string' && message !== '') return message;
  if (typeof thrown === 'string' && thrown !== '') return thrown;
  try {
    return thrown instanceof Error ? `${thrown.name}` : `the function threw ${inspect(thrown, { depth: 2 })}`;
  } catch {
    return 'the function threw something that cannot be read';
  }
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
  const name = decisiveName(thrown);
  if (name === 'EventNotSupported') return { outcome: 'skipped' };
  if (name === 'RetryError') return { outcome: 'failed', code: name, ...later };
  if (name !== undefined) return { outcome: 'rejected', code: name };
  const targetStatus = statusOf(thrown);
  if (targetStatus === undefined) return { outcome: 'failed', code: 'FunctionError', ...later };
  return search(PASSING, `${targetStatus}`) !== null
    ? { outcome: 'failed', code: 'TargetFailed', targetStatus, ...later }
    : { outcome: 'rejected', code: 'TargetRefused', targetStatus };
}

/**
 * @param {unknown} thrown
 * @param {import('./mask').Mask} mask
 * @returns {Failure}
 */
function failure(thrown, mask) {
  return { ...verdict(thrown), message: cut(mask.text(describe(thrown)), MESSAGE_BYTES) };
}

/**
 * @param {unknown} thrown
 * @returns {string} for the log
 */
function stackOf(thrown) {
  const stack = read(thrown, 'stack');
  return typeof stack === 'string' ? stack : describe(thrown);
}

module.exports = { MESSAGE_BYTES, describe, failure, stackOf };
