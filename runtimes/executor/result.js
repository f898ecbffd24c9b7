'use strict';
/**
 * What a function returned, as the text of a result frame. The function has done its work: a value that cannot be
 * sent becomes null with a warning, never a failure.
 */

const { describe } = require('./failure');
const { byteLength, stringify, textOf } = require('./own');
const { cut } = require('./text');

const LARGEST = 1024 * 1024;

/**
 * @param {string} code
 * @param {string} message
 */
const withWarning = (code, message) =>
  `{"outcome":"succeeded","result":null,"warning":${textOf({ code, message: cut(message, 4096) })}}`;

/**
 * @param {unknown} value
 * @param {import('./mask').Mask} mask
 * @returns {string}
 */
function succeeded(value, mask) {
  if (typeof value === 'function' || typeof value === 'symbol') {
    return withWarning('ResultIsFunction', `the function returned a ${typeof value}: did you forget to call it?`);
  }
  let json;
  try {
    json = stringify(value);
  } catch (error) {
    // The rest of V8's words on a circle is a drawing of it.
    const reason = mask.text(describe(error).split('\n', 1)[0] || '');
    const hint = 'return only what is needed of a response, such as response.data';
    return withWarning('ResultNotSerializable', `the result cannot be written as JSON (${reason}): ${hint}`);
  }
  // undefined, or an object whose toJSON gave undefined.
  if (json === undefined) json = 'null';
  const bytes = byteLength(json);
  if (bytes > LARGEST) {
    return withWarning('ResultTooLarge', `the result has ${bytes} bytes of JSON, at most ${LARGEST} are kept`);
  }
  return `{"outcome":"succeeded","result":${mask.json(json)}}`;
}

module.exports = { succeeded };
