'use strict';
/**
 * The built-ins that the executor itself relies on, taken before any user code can replace or patch them. Every
 * module that runs beside user code takes them from here.
 */

const { parse, stringify } = JSON;
const { apply } = Reflect;
const { setImmediate, setTimeout, clearTimeout, AbortController } = globalThis;
const { toString } = Function.prototype;
/** @type {(value: Function) => string} */
const sourceOf = (value) => apply(toString, value, []);
const { nextTick } = process;

/** Ends the process at once, without the 'exit' event that user code can listen to and throw in. */
const reallyExit = /** @type {{reallyExit(code: number): never}} */ (/** @type {unknown} */ (process)).reallyExit;

/** @type {(code: number) => never} */
const exit = (code) => apply(reallyExit, process, [code]);

const write = process.stdout.write.bind(process.stdout);

module.exports = {
  AbortController,
  clearTimeout,
  exit,
  nextTick,
  parse,
  setImmediate,
  setTimeout,
  sourceOf,
  stringify,
  write,
};
