'use strict';
/** Holds a process still while somebody looks at what it has done: nothing it does can come between look and act. */

const { glance } = require('./glance');

/** The signal takes effect at once, or as soon as a call of the kernel that has begun is over. */
const SETTLE_MS = 10;

/**
 * @param {number} pid
 * @param {() => void} act not called when the process does not stand still in time, or has ended
 */
function whileStill(pid, act) {
  signal(pid, 'SIGSTOP');
  setTimeout(() => {
    if (isStill(pid)) act();
    signal(pid, 'SIGCONT');
  }, SETTLE_MS);
}

/** @param {number} pid of which the first thread counts, which is the one that runs JavaScript */
function isStill(pid) {
  try {
    const stat = glance(`/proc/${pid}/stat`).toString();
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  } catch {
    return false;
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

module.exports = { whileStill };
