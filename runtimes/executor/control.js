'use strict';
/**
 * The executor's end of the pipe to its host: says how far it has come, one JSON line each, and notices when the host
 * is gone. Written synchronously, because user code may block the event loop right afterwards.
 */

const { writeSync } = require('fs');
const net = require('net');
const { exit, textOf } = require('./own');

/** The first descriptor after those that every process has: see child.js. */
const PIPE = 3;

/** @typedef {{state: 'loading', operation: string} | {state: 'ready'} | {state: 'draining'} | {state: 'load-failed', operation: string, message: string}} Word */

/** @param {Word} word */
function tell(word) {
  writeSync(PIPE, `${textOf(word)}\n`);
}

function followHost() {
  const pipe = new net.Socket({ fd: PIPE, readable: true, writable: false });
  pipe.on('error', () => {});
  pipe.on('close', () => exit(0));
  pipe.resume();
}

module.exports = { followHost, tell };
