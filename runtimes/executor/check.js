'use strict';
/**
 * Says for each source which module kind it is, or where its syntax is wrong. Run by the image builder before an
 * image is made: a line of sources on standard input, a line of verdicts on standard output, until the input ends. Runs
 * nothing of what it reads.
 */

const { spawnSync } = require('child_process');
const readline = require('readline');
const vm = require('vm');

const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname'];
const NAME = 'source';

/** @typedef {{message: string, line: number, column: number}} Fault */

/**
 * @param {string} report what Node prints: "name:line", the line, carets below it, the message
 * @returns {Fault}
 */
function faultOf(report) {
  const lines = report.split('\n');
  const line = Number(/:(\d+)$/.exec(lines[0] || '')?.[1] || 1);
  const carets = lines[2] || '';
  const column = carets.includes('^') ? carets.indexOf('^') + 1 : carets.length + 1;
  const message = lines.find((text) => /^\w*Error: /.test(text)) || lines[lines.length - 1] || '';
  return { message, line, column };
}

/**
 * @param {string} source
 * @returns {Fault | null}
 */
function commonjsFault(source) {
  try {
    vm.compileFunction(source.replace(/^#!.*/, ''), WRAPPER, { filename: NAME });
    return null;
  } catch (error) {
    return faultOf(/** @type {Error} */ (error).stack || '');
  }
}

/**
 * Only with --experimental-vm-modules; without that flag it knows no module, and a process is asked.
 * @typedef {new (source: string, options: {identifier: string}) => object} ModuleClass
 * @param {string} source
 */
function isModule(source) {
  const { SourceTextModule } = /** @type {{SourceTextModule?: ModuleClass}} */ (vm);
  if (SourceTextModule === undefined) return false;
  try {
    return Boolean(new SourceTextModule(source, { identifier: NAME }));
  } catch {
    return false;
  }
}

/**
 * A process of its own: only `--check` tells lines and columns of an ES module on Node 14.
 * @param {string} source
 * @returns {Fault | null}
 */
function moduleFault(source) {
  if (isModule(source)) return null;
  const { status, stderr, error } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
    input: source,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return status === 0 ? null : faultOf(stderr);
}

/** @typedef {'commonjs' | 'module'} Kind */

/** @type {Record<Kind, (source: string) => Fault | null>} */
const FAULTS = { commonjs: commonjsFault, module: moduleFault };

/**
 * The kind is the author's word when there is one, else the first that parses.
 * @param {string} source
 * @param {Kind} [declared]
 * @returns {{kind: Kind} | {error: Fault & {parsesAs?: Kind}}}
 */
function check(source, declared) {
  if (declared !== undefined) {
    const fault = FAULTS[declared](source);
    if (fault === null) return { kind: declared };
    const other = declared === 'module' ? 'commonjs' : 'module';
    return { error: FAULTS[other](source) === null ? { ...fault, parsesAs: other } : fault };
  }
  const first = commonjsFault(source);
  if (first === null) return { kind: 'commonjs' };
  const second = moduleFault(source);
  if (second === null) return { kind: 'module' };
  return { error: /\b(?:import|export)\b/.test(first.message) ? second : first };
}

/** @param {Record<string, {source: string, kind?: Kind}>} functions */
function verdictsOn(functions) {
  const verdicts = Object.entries(functions).map(([operation, { source, kind }]) => [operation, check(source, kind)]);
  return Object.fromEntries(verdicts);
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(`${JSON.stringify(verdictsOn(JSON.parse(line)))}\n`);
});
