// What the tests need from outside, fetched once by npm into the user's cache: the Node.js binary that runtime.yaml
// names, and the default packages of its lock. `npm test` runs this file first; tests only ask for the paths.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNTIME = fileURLToPath(new URL('../../../nodejs14/', import.meta.url));
const CACHE = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'xkit-operator');

/** @param {string} name */
function declared(name) {
  const text = fs.readFileSync(path.join(RUNTIME, 'runtime.yaml'), 'utf8');
  return new RegExp(`^  ${name}: (\\S+)$`, 'm').exec(text)[1];
}

const version = declared('version');
const lock = fs.readFileSync(path.join(RUNTIME, 'package-lock.json'));
const nodeFolder = path.join(CACHE, 'node', version);
const appFolder = path.join(CACHE, 'packages', createHash('sha256').update(lock).digest('hex').slice(0, 16));

export const NODE = path.join(nodeFolder, 'node_modules', declared('package'), 'bin', 'node');
export const NODE_MODULES = path.join(appFolder, 'node_modules');
export const PACKAGE_JSON = path.join(RUNTIME, 'package.json');

/**
 * Made beside its place and moved there whole, so that a run that is broken off leaves nothing half done.
 * @param {string} folder
 * @param {(folder: string) => void} fill
 */
function once(folder, fill) {
  if (fs.existsSync(folder)) return;
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const fresh = fs.mkdtempSync(`${folder}.`);
  fill(fresh);
  try {
    fs.renameSync(fresh, folder);
  } catch (error) {
    // Another run was faster; file systems differ in how they say it.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    fs.rmSync(fresh, { recursive: true });
  }
}

/** @param {string[]} parts */
const npm = (...parts) => execFileSync('npm', parts, { stdio: ['ignore', 'inherit', 'inherit'] });

/** @param {string} folder */
function fetchNode(folder) {
  const name = declared('package');
  console.log(`fetching ${name} ${version}`);
  npm('install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', `${name}@${version}`);
  const installed = fs.readFileSync(path.join(folder, 'node_modules', '.package-lock.json'), 'utf8');
  if (JSON.parse(installed).packages[`node_modules/${name}`].integrity !== declared('integrity')) {
    throw new Error(`${name} ${version} is not what runtime.yaml declares`);
  }
}

/** @param {string} folder */
function fetchPackages(folder) {
  console.log('fetching the default packages');
  for (const file of ['package.json', 'package-lock.json']) {
    fs.copyFileSync(path.join(RUNTIME, file), path.join(folder, file));
  }
  npm('ci', '--prefix', folder, '--ignore-scripts', '--no-audit');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  once(nodeFolder, fetchNode);
  once(appFolder, fetchPackages);
}
