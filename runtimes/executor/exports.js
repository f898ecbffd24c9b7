'use strict';
/**
 * Which export of a loaded module is the function: `default`, `module.exports`, Babel's `default.default`, else the
 * one named like the operation. Refuses what could never work. Pure.
 */

const { sourceOf } = require('./own');

const HINT = '`module.exports = async ({ inputs }) => { … }` or `export default async ({ inputs }) => { … }`';

/** The module is loaded, and has no function that could be called. */
class ExportError extends Error {}

/**
 * @param {any} namespace of `import()`
 * @param {string} operation
 * @returns {import('./calls').UserFunction}
 * @throws {ExportError}
 */
function pick(namespace, operation) {
  const main = namespace.default;
  for (const found of [main, main?.default, main?.[operation], namespace[operation]]) {
    if (typeof found === 'function') return callable(found);
  }
  throw new ExportError(`it exports no function: write ${HINT}, or export a function named ${operation}`);
}

/**
 * @param {any} found
 * @returns {import('./calls').UserFunction}
 */
function callable(found) {
  if (/^class\b/.test(sourceOf(found))) throw new ExportError(`it exports a class, not a function: write ${HINT}`);
  const kind = Object.prototype.toString.call(found);
  if (kind === '[object GeneratorFunction]' || kind === '[object AsyncGeneratorFunction]') {
    throw new ExportError('it exports a generator, of which no line would run: write `async function`, without `*`');
  }
  return found;
}

module.exports = { ExportError, pick };
