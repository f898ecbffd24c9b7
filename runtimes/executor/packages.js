'use strict';
/**
 * Makes the default packages work from both module kinds: `require` exists in ES modules too, and
 * `require('node-fetch')` gives version 3, which is an ES module only and therefore has to be loaded beforehand.
 */

const fs = require('fs');
const Module = require('module');
const path = require('path');
const { pathToFileURL } = require('url');

const FETCH = 'node-fetch';
/** `require` with anything but a plain text behind it: which package is meant shows only when it runs. */
const COMPUTED_REQUIRE = /require\b(?!\s*\(\s*(['"`])[^'"`$]*\1\s*\))/i;

/**
 * Loading node-fetch takes 45 ms: done only for sources that may require it.
 * @param {string} source
 */
const mayRequireFetch = (source) =>
  /require/i.test(source) && (source.includes(FETCH) || COMPUTED_REQUIRE.test(source));

/**
 * What version 2 gave: the function itself, with the rest as its members.
 * @param {any} namespace
 */
function callable(namespace) {
  const fetch = (/** @type {unknown[]} */ ...parts) => namespace.default(...parts);
  return Object.assign(fetch, namespace, { default: fetch });
}

/**
 * @param {string} folder that holds the functions
 * @param {string[]} sources
 */
async function preparePackages(folder, sources) {
  const require = Module.createRequire(path.join(folder, 'require.js'));
  Object.defineProperty(globalThis, 'require', { value: require, writable: true, configurable: true });
  if (!sources.some(mayRequireFetch)) return;
  const fetch = callable(await import(pathToFileURL(require.resolve(FETCH)).href));
  const loader = /** @type {{_load: (request: string, ...rest: unknown[]) => unknown}} */ (/** @type {unknown} */ (Module));
  const load = loader._load;
  loader._load = (request, ...rest) => (request === FETCH ? fetch : load.call(loader, request, ...rest));
}

/**
 * @param {string} folder that holds the functions
 * @returns {string[]} the packages that functions may import
 */
function packagesOf(folder) {
  const text = fs.readFileSync(path.join(folder, '..', 'package.json'), 'utf8');
  return Object.keys(JSON.parse(text).dependencies || {});
}

module.exports = { packagesOf, preparePackages };
