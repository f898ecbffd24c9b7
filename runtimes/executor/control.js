'use strict';
/**
 * The executor's end of the pipe to its host: says how far it has come, one JSON line each, and notices when the host
 * is gone. Written synchronously, because user code may block the event loop right afterwards.
 */

const fs = require('fs');
const net = require('net');
const { exit, stringify } = require('./own');

/** The first descriptor after those that every process has: see child.js. */
const PIPE = 3;

/** @typedef {{state: 'loading', operation: string} | {state: 'ready'} | {state: 'draining'} | {state: 'load-failed', operation: string, message: string}} Word */

/** @param {Word} word */
function tell(word) {
  fs.writeSync(PIPE, `${stringify(word)}\n`);
}

function followHost() {
  const pipe = new net.Socket({ fd: PIPE, readable: true, writable: false });
  pipe.on('error', () => {});
  pipe.on('close', () => exit(0));
  pipe.resume();
}

module.exports = { followHost, tell };
