'use strict';
/**
 * The built-ins that the executor itself relies on, taken before any user code can replace or patch them. Every
 * module that runs beside user code takes them from here.
 */

const { parse, stringify } = JSON;
const { apply, ownKeys } = Reflect;
const { setImmediate, setTimeout, clearTimeout, AbortController, Date } = globalThis;
const { now, parse: parseTime } = Date;
const { create, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, keys, setPrototypeOf } = Object;
const { isArray } = Array;
const { isInteger } = Number;
const { ceil, max, min } = Math;
const { toISOString } = Date.prototype;
const { toString } = Function.prototype;
const { exec } = RegExp.prototype;
const { slice } = String.prototype;
/** The host is started without it. */
const abort = AbortController && AbortController.prototype.abort;
const { nextTick } = process;
const byteLength = Buffer.byteLength.bind(Buffer);
const { Uint8Array } = globalThis;

/** @type {(value: Function) => string} */
const sourceOf = (value) => apply(toString, value, []);

/** @type {(milliseconds: number) => string} */
const isoTime = (milliseconds) => apply(toISOString, new Date(milliseconds), []);

/** @type {(pattern: RegExp, text: string) => RegExpExecArray | null} */
const search = (pattern, text) => apply(exec, pattern, [text]);

/** @type {(text: string, start: number, end?: number) => string} */
const part = (text, start, end) => apply(slice, text, [start, end]);

/** @type {(controller: AbortController) => void} */
const fire = (controller) => apply(abort, controller, []);

/**
 * JSON of a flat object of ours: without a prototype, for user code may have given one a toJSON.
 * @param {Record<string, unknown>} members
 */
const textOf = (members) => stringify({ __proto__: null, ...members });

/**
 * A Map whose methods are out of reach.
 * @template K, V
 * @extends {Map<K, V>}
 */
class OwnMap extends Map {}
for (const name of ownKeys(Map.prototype)) {
  if (name === 'constructor') continue;
  defineProperty(OwnMap.prototype, name, /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(Map.prototype, name)));
}
freeze(setPrototypeOf(OwnMap.prototype, null));

/** Ends the process at once, without the 'exit' event that user code can listen to and throw in. */
const reallyExit = /** @type {{reallyExit(code: number): never}} */ (/** @type {unknown} */ (process)).reallyExit;

/** @type {(code: number) => never} */
const exit = (code) => apply(reallyExit, process, [code]);

const write = process.stdout.write.bind(process.stdout);

module.exports = {
  AbortController,
  OwnMap,
  Uint8Array,
  byteLength,
  ceil,
  clearTimeout,
  create,
  exit,
  fire,
  getPrototypeOf,
  isArray,
  isInteger,
  isoTime,
  keys,
  max,
  min,
  nextTick,
  now,
  parse,
  parseTime,
  part,
  search,
  setImmediate,
  setTimeout,
  sourceOf,
  stringify,
  textOf,
  write,
};
