'use strict';
/** Cuts texts to the limits of PROTOCOL.md, which count bytes of UTF-8. Pure. */

const { byteLength, part } = require('./own');

/**
 * @param {string} text
 * @param {number} bytes
 * @returns {string} `text`, or as much of its start as fits, with an ellipsis
 */
function cut(text, bytes) {
  // No character needs more than three bytes per UTF-16 unit: most texts are not measured at all.
  if (text.length * 3 <= bytes || byteLength(text) <= bytes) return text;
  const head = Buffer.from(part(text, 0, bytes)).subarray(0, bytes - 3).toString();
  return head.replace(/\ufffd+$/, '') + '…';
}

module.exports = { cut };
