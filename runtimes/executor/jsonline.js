'use strict';
/** One line of the host's log: JSON, as all lines of the container are. */

const { stringify, write } = require('./own');

/**
 * @param {'info' | 'warn' | 'error'} level
 * @param {string} message
 * @param {{executor?: string}} [about]
 */
function log(level, message, about = {}) {
  write(`${stringify({ time: new Date().toISOString(), level, ...about, message })}\n`);
}

module.exports = { log };
