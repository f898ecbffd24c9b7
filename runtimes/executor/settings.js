'use strict';
/**
 * The environment variables of host and executor, as PROTOCOL.md lists them. XKIT_EXECUTOR is the host's word to an
 * executor: its name.
 */

const path = require('path');

/** @typedef {{socket: string, executors: number, memoryBytes: number, functions: string, terminationLog: string, loadSeconds: number, standbySeconds: number}} HostSettings */
/** @typedef {{name: string, socket: string, functions: string, progress: string}} ExecutorSettings */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 * @param {number} fallback
 */
function positive(environment, name, fallback) {
  const text = environment[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above zero, not '${text}'`);
  return value;
}

/** @param {NodeJS.ProcessEnv} environment */
const socketOf = (environment) => environment.XKIT_SOCKET || '/run/xkit/dispatcher.sock';

/** @param {NodeJS.ProcessEnv} environment */
const functionsOf = (environment) => environment.XKIT_FUNCTIONS || '/app/functions';

/**
 * @param {string} socket
 * @param {string} name
 */
const progressPath = (socket, name) => path.join(path.dirname(socket), `progress-${name}`);

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {HostSettings}
 */
function hostSettings(environment) {
  return {
    socket: socketOf(environment),
    executors: positive(environment, 'XKIT_EXECUTORS', 1),
    memoryBytes: positive(environment, 'XKIT_MEMORY_BYTES', 256 * 1024 * 1024),
    functions: functionsOf(environment),
    terminationLog: environment.XKIT_TERMINATION_LOG || '/dev/termination-log',
    loadSeconds: positive(environment, 'XKIT_LOAD_SECONDS', 10),
    standbySeconds: positive(environment, 'XKIT_STANDBY_SECONDS', 60),
  };
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {ExecutorSettings}
 */
function executorSettings(environment) {
  const name = environment.XKIT_EXECUTOR;
  if (!name) throw new Error('an executor is started by host.js, never by hand');
  const socket = socketOf(environment);
  return { name, socket, functions: functionsOf(environment), progress: progressPath(socket, name) };
}

module.exports = { executorSettings, hostSettings, progressPath };
