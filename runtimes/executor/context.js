'use strict';
/**
 * Whose code is running: a call, or the loading of a function. Follows promises, timers and events, so that a console
 * line or an error is put down to the record that caused it.
 */

const { AsyncLocalStorage } = require('async_hooks');

/** Lines that user code may print on one account: see Lines. */
const LINES = 1000;

/**
 * @typedef {object} Owner
 * @property {number | null} requestId null while a function is being loaded
 * @property {string | null} record `meta.id`
 * @property {string} operation
 * @property {string | null} source the slug
 * @property {number} linesLeft
 * @property {number} linesDropped
 * @property {boolean} settled answered, or given up at its deadline
 * @property {Map<Promise<unknown>, unknown> | null} rejections that nobody has awaited so far, and their reasons
 */

/** @type {AsyncLocalStorage<Owner>} */
const storage = new AsyncLocalStorage();

/**
 * @param {{requestId: number | null, record: string | null, operation: string, source: string | null}} who
 * @returns {Owner}
 */
const owner = ({ requestId, record, operation, source }) => ({
  requestId,
  record,
  operation,
  source,
  linesLeft: LINES,
  linesDropped: 0,
  settled: false,
  rejections: null,
});

/**
 * Whose promise it is. Node 14 emits 'unhandledRejection' outside of the promise's context, and keeps the store on the
 * promise under a symbol of the storage.
 * @param {Promise<unknown>} promise
 * @returns {Owner | undefined}
 */
function ownerOf(promise) {
  const { kResourceStore } = /** @type {{kResourceStore: symbol}} */ (/** @type {unknown} */ (storage));
  return /** @type {any} */ (promise)[kResourceStore];
}

module.exports = { LINES, owner, ownerOf, storage };
