'use strict';
/**
 * Loads the functions that manifest.json names. Fed by the executor once the variables are known; a function that
 * cannot be loaded is a LoadError that says which one and why. That loading ends at all is the host's business.
 */

const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const { owner, storage } = require('./context');
const { ExportError, pick } = require('./exports');
const { explain } = require('./hints');
const { OwnMap } = require('./own');
const { packagesOf, preparePackages } = require('./packages');

const OPERATIONS = ['upsert', 'delete'];

class LoadError extends Error {
  /**
   * @param {string} operation
   * @param {string} message
   */
  constructor(operation, message) {
    super(message);
    this.operation = operation;
  }
}

/**
 * @param {string} folder that holds the functions and their manifest
 * @param {(operation: string) => void} onLoad called before each of them is loaded
 * @returns {Promise<Map<string, import('./calls').UserFunction>>} by operation
 * @throws {LoadError}
 */
async function load(folder, onLoad) {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  const named = OPERATIONS.filter((operation) => manifest.functions[operation] !== undefined);
  const files = named.map((operation) => path.join(folder, manifest.functions[operation].file));
  await preparePackages(folder, files.map((file) => fs.readFileSync(file, 'utf8')));
  const functions = new OwnMap();
  for (let index = 0; index < named.length; index += 1) {
    const operation = /** @type {string} */ (named[index]);
    onLoad(operation);
    functions.set(operation, await loadOne(operation, /** @type {string} */ (files[index])));
  }
  return functions;
}

/**
 * @param {string} operation
 * @param {string} file
 */
async function loadOne(operation, file) {
  const about = owner({ requestId: null, record: null, operation, source: null });
  let namespace;
  try {
    namespace = await storage.run(about, () => import(pathToFileURL(file).href));
  } catch (thrown) {
    throw new LoadError(operation, explain(thrown, { file, packages: packagesOf(path.dirname(file)) }));
  }
  try {
    return pick(namespace, operation);
  } catch (error) {
    if (error instanceof ExportError) throw new LoadError(operation, error.message);
    // A getter among the exports, or a proxy, that throws.
    throw new LoadError(operation, explain(error, { file, packages: [] }));
  }
}

module.exports = { LoadError, load };
