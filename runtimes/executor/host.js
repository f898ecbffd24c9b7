'use strict';
/**
 * The host: PID 1 of the function container. Keeps the executors alive, kills one when the dispatcher asks, and
 * reports every end. Never runs user code, so it answers whatever that code does.
 */

const fs = require('fs');
const { TYPES } = require('./frames');
const { log } = require('./jsonline');
const { Link } = require('./link');
const { stringify } = require('./own');
const { hostSettings } = require('./settings');
const { Supervisor } = require('./supervisor');
const { cut } = require('./text');

/** Exit code of a container whose functions cannot be loaded. */
const LOAD_FAILED = 65;
const TERMINATION_LOG_BYTES = 4096;
const TELL_MEMORY_MS = 5000;

const settings = hostSettings(process.env);
let terminating = false;

const supervisor = new Supervisor({
  settings,
  onExited: (exited) => link.send(TYPES.exited, 0, stringify(exited)),
  onEndless: (failure) => link.send(TYPES.loadFailed, 0, stringify({ ...failure, code: 'FunctionLoadFailed' })),
  onHopeless({ operation, message }) {
    const text = `FunctionLoadFailed: ${operation}: ${message}`;
    log('error', text);
    try {
      fs.writeFileSync(settings.terminationLog, cut(text, TERMINATION_LOG_BYTES));
    } catch (error) {
      log('warn', `the termination log cannot be written: ${/** @type {Error} */ (error).message}`);
    }
    end(LOAD_FAILED);
  },
});

const link = new Link({
  path: settings.socket,
  hello: { role: 'host', executors: settings.executors, node: process.version },
  onFrame({ type, payload }) {
    if (type === TYPES.kill) supervisor.kill(payload.executor, payload.reason);
  },
  onDown() {
    if (terminating) end(0);
  },
});

/**
 * What waits to be sent is sent; then nothing is left of the container.
 * @param {number} code
 */
function end(code) {
  supervisor.stop();
  link.end(() => process.exit(code));
}

function terminate() {
  terminating = true;
  if (!link.up) end(0);
}

process.on('SIGTERM', terminate);
process.on('SIGINT', terminate);
supervisor.start();
link.connect();
setInterval(() => {
  if (link.up) link.send(TYPES.memory, 0, stringify({ residentBytes: supervisor.residentBytes }));
}, TELL_MEMORY_MS);
