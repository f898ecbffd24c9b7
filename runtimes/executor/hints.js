'use strict';
/**
 * Words for the mistakes that are made most often when a function is loaded: what happened, where, and what to write
 * instead. Pure.
 */

const { describe, stackOf } = require('./failure');

/** @typedef {{pattern: RegExp, hint: (match: RegExpExecArray, packages: string[]) => string}} Hint */

/** @type {Hint[]} */
const HINTS = [
  {
    pattern: /^Cannot find (?:module|package) '(?:\.|\/)/,
    hint: () => 'a function is one file and has no others beside it',
  },
  {
    pattern: /^Cannot find (?:module|package) '/,
    hint: (_match, packages) => `functions may import ${packages.join(', ')} and what Node itself brings`,
  },
  {
    pattern: /module 'uuid' does not provide an export named 'default'/,
    hint: () => "write `import { v4 as uuid } from 'uuid'`",
  },
  {
    pattern: /^Package subpath '\.\/(v[1345])' is not defined by "exports" in .*[/\\]uuid[/\\]/,
    hint: ([, version]) => `write \`import { ${version} } from 'uuid'\``,
  },
  {
    pattern: /module '([^']+)' (?:is expected to be of type CommonJS|is a CommonJS module)/,
    hint: ([, name]) => `write \`import package from '${name}'\` and use its members`,
  },
  {
    pattern: /^(?:module|exports|__dirname|__filename) is not defined/,
    hint: () => 'the source is an ES module, for it uses import or export: write `export default`',
  },
];

/**
 * Where in the function it happened, as far as the stack says.
 * @param {unknown} thrown
 * @param {string} file
 */
function place(thrown, file) {
  const stack = stackOf(thrown);
  const start = stack.indexOf(`${file}:`);
  const match = start < 0 ? null : /^:(\d+)(?::(\d+))?/.exec(stack.slice(start + file.length));
  if (match === null) return '';
  return match[2] === undefined ? ` (line ${match[1]})` : ` (line ${match[1]}, column ${match[2]})`;
}

/**
 * @param {unknown} thrown
 * @param {{file: string, packages: string[]}} about
 * @returns {string}
 */
function explain(thrown, { file, packages }) {
  const message = describe(thrown);
  // "Require stack:" and "imported from /app/…" name our own files.
  const said = (message.split('\n', 1)[0] || '').replace(/ imported from .*$/, '');
  const name = thrown instanceof SyntaxError || thrown instanceof ReferenceError ? `${thrown.name}: ` : '';
  for (const { pattern, hint } of HINTS) {
    const match = pattern.exec(said);
    if (match !== null) return `${name}${said}${place(thrown, file)}: ${hint(match, packages)}`;
  }
  return `${name}${said}${place(thrown, file)}`;
}

module.exports = { explain };
