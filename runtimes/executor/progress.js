'use strict';
/**
 * The progress file: which call an executor started last, and how many so far. Written before each call, so that it
 * still tells what ran when the executor is stuck or has died; read by dispatcher and host.
 */

const fs = require('fs');
const { glance } = require('./glance');

const { writeSync } = fs;

const SIZE = 8;

class Progress {
  #bytes = Buffer.alloc(SIZE);
  #started = 0;
  #file;

  /** @param {string} path */
  constructor(path) {
    this.#file = fs.openSync(path, 'w', 0o644);
    writeSync(this.#file, this.#bytes, 0, SIZE, 0);
  }

  /** @param {number} requestId */
  started(requestId) {
    this.#started = (this.#started + 1) >>> 0;
    this.#bytes.writeUInt32LE(requestId, 0);
    this.#bytes.writeUInt32LE(this.#started, 4);
    writeSync(this.#file, this.#bytes, 0, SIZE, 0);
  }
}

/**
 * @param {string} path
 * @returns {{lastStarted: number, started: number}} zeros where the executor never got so far
 */
function readProgress(path) {
  let bytes;
  try {
    bytes = glance(path);
  } catch {
    return { lastStarted: 0, started: 0 };
  }
  if (bytes.length !== SIZE) return { lastStarted: 0, started: 0 };
  return { lastStarted: bytes.readUInt32LE(0), started: bytes.readUInt32LE(4) };
}

module.exports = { Progress, readProgress };
