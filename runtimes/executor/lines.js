'use strict';
/**
 * The lines that `kubectl logs` shows: one JSON object each, with the record they belong to, masked. User code may
 * print 1,000 lines of 64 KiB for each record; what belongs to no record shares an account that is filled up every
 * minute.
 */

const { LINES, owner, storage } = require('./context');
const { isoTime, now, textOf } = require('./own');
const { cut } = require('./text');

const LINE_BYTES = 64 * 1024;
const MINUTE = 60_000;

/** @typedef {'debug' | 'info' | 'warn' | 'error'} Level */

class Lines {
  #write;
  #mask;
  #stray = owner({ requestId: null, record: null, operation: '', source: null });
  #strayUntil = 0;

  /**
   * @param {(text: string) => void} write
   * @param {import('./mask').Mask} mask
   */
  constructor(write, mask) {
    this.#write = write;
    this.#mask = mask;
  }

  /**
   * May user code print another line? Asked before the line is formatted, which costs more than all else.
   * @returns {boolean}
   */
  admit() {
    const account = this.#account();
    if (account.linesLeft > 0) return true;
    account.linesDropped += 1;
    return false;
  }

  /**
   * A line printed by user code.
   * @param {Level} level
   * @param {string} text
   */
  print(level, text) {
    if (!this.admit()) return;
    const account = this.#account();
    account.linesLeft -= 1;
    this.report(level, text, storage.getStore());
  }

  /**
   * A line of our own about user code: not counted.
   * @param {Level} level
   * @param {string} text
   * @param {import('./context').Owner} [about]
   */
  report(level, text, about) {
    const { record = null, operation = null, source = null } = about || {};
    const message = cut(this.#mask.text(text), LINE_BYTES);
    this.#write(`${textOf({ time: isoTime(now()), level, record, operation, source, message })}\n`);
  }

  /**
   * Says how many lines were dropped, as the last line of a record.
   * @param {import('./context').Owner} about
   */
  close(about) {
    if (about.linesDropped === 0) return;
    this.report('warn', `${about.linesDropped} further lines were dropped: a record may print ${LINES}`, about);
    about.linesDropped = 0;
  }

  /** @returns {import('./context').Owner} */
  #account() {
    const current = storage.getStore();
    if (current !== undefined) return current;
    const time = now();
    if (time >= this.#strayUntil) {
      this.close(this.#stray);
      this.#stray.linesLeft = LINES;
      this.#strayUntil = time + MINUTE;
    }
    return this.#stray;
  }
}

module.exports = { Lines };
