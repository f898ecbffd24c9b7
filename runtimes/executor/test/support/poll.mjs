// Looks again and again until something is so: for what a real process does and tells nobody.
import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE = 60_000;

/**
 * @param {() => boolean} probe
 * @param {string} what
 */
export async function poll(probe, what) {
  for (const start = Date.now(); !probe(); await wait(10)) {
    if (Date.now() - start > PATIENCE) throw new Error(`waited ${PATIENCE} ms in vain: ${what}`);
  }
}
