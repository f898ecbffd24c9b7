'use strict';
/**
 * Reads small files that the host looks at several times a second, without a trace in its memory: for a file of /proc,
 * `fs.readFileSync` takes 64 KiB each time, which amounted to 2 MiB that waited for a collection.
 */

const fs = require('fs');

const bytes = Buffer.alloc(512);

/**
 * @param {string} path
 * @returns {Buffer} how the file begins; the next call writes over it. Throws where there is none.
 */
function glance(path) {
  const file = fs.openSync(path, 'r');
  try {
    return bytes.subarray(0, fs.readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    fs.closeSync(file);
  }
}

module.exports = { glance };
