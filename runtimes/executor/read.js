'use strict';
/** Reads members of what user code has made: anything, also null, and what throws while it is looked at. */

/**
 * A member, or undefined where a getter or a proxy throws.
 * @param {any} value
 * @param {string} name
 */
function read(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

module.exports = { read };
