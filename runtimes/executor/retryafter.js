'use strict';
/**
 * How long the system that a function called asks us to wait: an error's own `retryAfter`, else the header of the
 * response that the error carries. Bounded to a day, and never passed on as it came.
 */

const { ceil, max, min, now, parseTime, search } = require('./own');
const { read } = require('./read');

const DAY = 86_400;
const SECONDS = /^\s*\d+(?:\.\d+)?\s*$/;
/** The three shapes of a date in HTTP begin with the day of the week; Date alone would make a year of "-5". */
const HTTP_DATE = /^\s*[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/;

/** @param {any} headers of axios (an object) or of fetch (with get) */
function retryAfterHeader(headers) {
  try {
    return typeof read(headers, 'get') === 'function'
      ? headers.get('retry-after')
      : read(headers, 'retry-after') || read(headers, 'Retry-After');
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @returns {number} NaN for all that is neither seconds nor a date
 */
function secondsOf(value) {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return NaN;
  if (search(SECONDS, value) !== null) return +value;
  return search(HTTP_DATE, value) === null ? NaN : (parseTime(value) - now()) / 1000;
}

/**
 * @param {any} thrown
 * @returns {number | undefined}
 */
function retryAfterOf(thrown) {
  const own = secondsOf(read(thrown, 'retryAfter'));
  const response = read(thrown, 'response');
  const seconds = own === own ? own : secondsOf(retryAfterHeader(read(response || thrown, 'headers')));
  return seconds === seconds ? ceil(min(max(seconds, 0), DAY)) : undefined;
}

module.exports = { retryAfterOf };
