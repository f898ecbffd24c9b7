'use strict';
/**
 * How much memory an executor may hold, and how much it holds. V8's own limit covers the JavaScript heap only;
 * Buffers are outside of it, so the host looks at the resident memory too.
 */

const fs = require('fs');
const { glance } = require('./glance');

const MIB = 1024 * 1024;
const PAGE = 4096;
/** Code, stacks and the young generation of an executor with all packages loaded: not old space. */
const OVERHEAD = 48 * MIB;
const SMALLEST = 16;

/**
 * @param {number} memoryBytes
 * @returns {number} MiB for --max-old-space-size: V8 reports its exhaustion before the resident limit kills
 */
function oldSpace(memoryBytes) {
  return Math.max(SMALLEST, Math.floor(((memoryBytes - OVERHEAD) * 0.8) / MIB));
}

/**
 * @param {number} pid
 * @returns {number} bytes; 0 when the process has just ended
 */
function residentBytes(pid) {
  try {
    return Number(glance(`/proc/${pid}/statm`).toString().split(' ')[1]) * PAGE;
  } catch {
    return 0;
  }
}

/**
 * Let the kernel end an executor before the host, when the container is out of memory.
 * @param {number} pid
 */
function preferAsVictim(pid) {
  try {
    fs.writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // It has just ended, or /proc is read-only: then the kernel chooses by size alone.
  }
}

module.exports = { oldSpace, preferAsVictim, residentBytes };
