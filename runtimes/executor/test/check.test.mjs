// check.js: which kind a source is, and where its syntax is wrong, as the runtime's own binary sees it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { NODE } from './support/cache.mjs';

const SCRIPT = fileURLToPath(new URL('../check.js', import.meta.url));

const FLAGS = ['--experimental-vm-modules', '--no-warnings'];

function check(sources, flags = []) {
  const functions = Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, { source }]));
  const input = JSON.stringify(functions);
  return JSON.parse(execFileSync(NODE, [...flags, SCRIPT], { input, encoding: 'utf8', env: {} }));
}

for (const [name, source, kind] of [
  ['module.exports', 'module.exports = async () => {};', 'commonjs'],
  ['nothing that tells', 'const a = 1;', 'commonjs'],
  ['return at the top', 'return;', 'commonjs'],
  ['import() only', "import('lodash');", 'commonjs'],
  ['sloppy code', 'with (Math) {}', 'commonjs'],
  ['a first line for shells', '#!/usr/bin/env node\nmodule.exports = 1;', 'commonjs'],
  ['import', "import a from 'b';", 'module'],
  ['export', 'export default async () => {};', 'module'],
  ['import.meta', 'export default import.meta.url;', 'module'],
  ['await at the top', 'await 1;', 'module'],
  ['for await at the top', 'for await (const a of []) {}', 'module'],
  ['an own const module', 'const module = 1; export default module;', 'module'],
]) {
  test(`${name} is ${kind}`, () => {
    assert.deepEqual(check({ upsert: source }), { upsert: { kind } });
    assert.deepEqual(check({ upsert: source }, FLAGS), { upsert: { kind } });
  });
}

for (const [name, source, error] of [
  ['CommonJS', 'module.exports = async () => {\n  let a = ;\n};', ["SyntaxError: Unexpected token ';'", 2, 11]],
  ['a module', "import a from 'b';\nexport default async () => {\n  a.;\n};", [
    "SyntaxError: Unexpected token ';'", 3, 5,
  ]],
  ['a forgotten async', 'module.exports = () => {\n  await 1;\n};', [
    'SyntaxError: await is only valid in async function', 2, 3,
  ]],
  ['an end that is missing', 'module.exports = {', ['SyntaxError: Unexpected end of input', 1, 19]],
  ['a word of two kinds', "import a from 'b';\nreturn a;", ['SyntaxError: Illegal return statement', 2, 1]],
  ['a name in the text', 'let a = "source:9";\nlet a;', [
    "SyntaxError: Identifier 'a' has already been declared", 2, 5,
  ]],
]) {
  test(`an error in ${name} is shown with line and column`, () => {
    const [message, line, column] = error;
    assert.deepEqual(check({ upsert: source }), { upsert: { error: { message, line, column } } });
    assert.deepEqual(check({ upsert: source }, FLAGS), { upsert: { error: { message, line, column } } });
  });
}

test('each function has its own verdict', () => {
  const verdicts = check({ upsert: 'export default 1;', delete: 'let a = ;' });
  assert.equal(verdicts.upsert.kind, 'module');
  assert.equal(verdicts.delete.error.line, 1);
});

for (const [name, source, kind, verdict] of [
  ['the kind that parses first', 'const a = 1;', 'commonjs', { kind: 'commonjs' }],
  ['the kind that would parse second', 'const a = 1;', 'module', { kind: 'module' }],
  ['a kind that does not parse while the other does', 'return;', 'module', {
    error: { message: 'SyntaxError: Illegal return statement', line: 1, column: 1, parsesAs: 'commonjs' },
  }],
  ['the other kind that does not parse', 'export default 1;', 'commonjs', {
    error: { message: "SyntaxError: Unexpected token 'export'", line: 1, column: 1, parsesAs: 'module' },
  }],
  ['a kind where neither parses', 'let a = ;', 'module', {
    error: { message: "SyntaxError: Unexpected token ';'", line: 1, column: 9 },
  }],
]) {
  test(`the author's word decides: ${name}`, () => {
    const input = JSON.stringify({ upsert: { source, kind } });
    const answer = execFileSync(NODE, [...FLAGS, SCRIPT], { input, encoding: 'utf8', env: {} });
    assert.deepEqual(JSON.parse(answer), { upsert: verdict });
  });
}

test('sources are never run', () => {
  assert.deepEqual(check({ upsert: 'process.exit(9);', delete: 'for (;;);' }), {
    upsert: { kind: 'commonjs' }, delete: { kind: 'commonjs' },
  });
});
