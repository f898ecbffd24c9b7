// Loading: module kinds, the default packages from both, export rules, and what is said when a function cannot be
// loaded.
import assert from 'node:assert/strict';
import test from 'node:test';
import { TYPES, readyExecutor, startExecutor } from './support/app.mjs';

async function resultOf(t, source, operation = 'upsert') {
  const { peer } = await readyExecutor(t, { [operation]: source });
  const answer = await peer.call({ operation });
  assert.equal(answer.outcome, 'succeeded', JSON.stringify(answer));
  return answer.result;
}

async function refusalOf(t, source) {
  const executor = await startExecutor(t, { upsert: source });
  const { payload } = await executor.dispatcher.until(TYPES.loadFailed);
  assert.deepEqual([payload.operation, payload.code], ['upsert', 'FunctionLoadFailed']);
  assert.deepEqual(await executor.ended, { code: 65, signal: null });
  return payload.message;
}

const USE = `[typeof axios.put, typeof fetch, new Headers({ a: '1' }).get('a'), get({ a: { b: 2 } }, 'a.b'),
  lodash.chunk([1, 2], 1).length, v4().length, typeof Array.prototype.findLast]`;
const USED = ['function', 'function', '1', 2, 2, 36, 'function'];

test('all default packages work in a CommonJS function', async (t) => {
  const cjs = `const axios = require('axios'); const fetch = require('node-fetch'); const { Headers } = fetch;
    const get = require('lodash/get'); const lodash = require('lodash'); const { v4 } = require('uuid');
    require('core-js/actual/array/find-last');
    module.exports = async () => ${USE};`;
  assert.deepEqual(await resultOf(t, { cjs }), USED);
});

test('all default packages work in an ES module', async (t) => {
  const mjs = `import axios from 'axios'; import fetch, { Headers } from 'node-fetch'; import get from 'lodash/get';
    import lodash from 'lodash'; import { v4 } from 'uuid'; import 'core-js/actual/array/find-last';
    export default async () => ${USE};`;
  assert.deepEqual(await resultOf(t, { mjs }), USED);
});

test('require exists in an ES module, and import() in CommonJS', async (t) => {
  const mjs = `const fetch = require('node-fetch').default; export default async () => [typeof fetch, typeof
    require('lodash/fp').map];`;
  assert.deepEqual(await resultOf(t, { mjs }), ['function', 'function']);
  const cjs = "module.exports = async () => typeof (await import('node-fetch')).default;";
  assert.equal(await resultOf(t, { cjs }), 'function');
});

test('node-fetch can be required by a computed name', async (t) => {
  const cjs = "module.exports = async () => typeof require(['node', 'fetch'].join('-'));";
  assert.equal(await resultOf(t, { cjs }), 'function');
});

for (const [name, source] of [
  ['through module.require', { cjs: "module.exports = async () => typeof module.require('node-fetch');" }],
  ['through an own createRequire', {
    mjs: `import { createRequire as make } from 'module'; const load = make(import.meta.url);
      export default async () => typeof load('node-fetch');`,
  }],
  ['by another name of require', {
    cjs: "const load = require; const name = 'node-' + 'fetch'; module.exports = async () => typeof load(name);",
  }],
]) {
  test(`node-fetch can be required ${name}`, async (t) => {
    assert.equal(await resultOf(t, source), 'function');
  });
}

test('node-fetch, required, makes requests that the signal ends', async (t) => {
  const cjs = `const fetch = require('node-fetch'); const http = require('http');
    module.exports = async ({ inputs }) => {
      const server = http.createServer((request, response) => request.url === '/now' && response.end('{"a":1}'));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = 'http://127.0.0.1:' + server.address().port;
      const answer = await (await fetch(url + '/now')).json();
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 10);
      const name = await fetch(url + '/never', { signal: stop.signal }).catch((error) => error.name);
      server.close();
      return [answer, name];
    };`;
  assert.deepEqual(await resultOf(t, { cjs }), [{ a: 1 }, 'AbortError']);
});

for (const [name, source, operation] of [
  ['module.exports', { cjs: "module.exports = () => 'found';" }],
  ['exports named like the operation', { cjs: "exports.upsert = () => 'found'; exports.delete = () => 'other';" }],
  ['exports.delete', { cjs: "exports.upsert = () => 'other'; exports.delete = () => 'found';" }, 'delete'],
  ["Babel's default", {
    cjs: "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = () => 'found';",
  }],
  ['export default', { mjs: "export default () => 'found';" }],
  ['a named export', { mjs: "export const upsert = () => 'found';" }],
  ['default before a named export', { mjs: "export const upsert = () => 'other'; export default () => 'found';" }],
  ['an awaited module', { mjs: "const text = await Promise.resolve('found'); export default () => text;" }],
]) {
  test(`the function is found: ${name}`, async (t) => {
    assert.equal(await resultOf(t, source, operation), 'found');
  });
}

for (const [name, source, message] of [
  ['exports nothing', { cjs: 'const a = 1;' }, /^it exports no function: write `module\.exports/],
  ['exports an object', { mjs: 'export default { upsert: 1 };' }, /^it exports no function/],
  ['exports a class', { mjs: 'export default class Upsert {}' }, /exports a class/],
  ['exports a generator', { cjs: 'module.exports = function* () {};' }, /exports a generator/],
  ['exports an async generator', { mjs: 'export default async function* () {}' }, /exports a generator/],
  ['has an export that throws', { cjs: "Object.defineProperty(exports, 'default', { get() { throw Error('no'); } });" },
    /^no/],
  ['throws what cannot be read', { cjs: 'throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 1; } });' },
    /^the function threw/],
  ['throws', { cjs: "\n  throw new Error('no key');" }, /^no key \(line 2, column 9\)$/],
  ['throws nothing much', { cjs: 'throw null;' }, /^the function threw null$/],
  ['rejects', { mjs: "await Promise.reject(new TypeError('later'));" }, /^later/],
  ['requires an absent package', { cjs: "require('left-pad');" },
    /'left-pad'.*: functions may import axios, core-js, lodash/],
  ['imports an absent package', { mjs: "import a from 'left-pad';" },
    /^Cannot find package 'left-pad': functions may/],
  ['requires a file', { cjs: "require('./other');" }, /'\.\/other'.*: a function is one file/],
  ['imports lodash by names', { mjs: "import { get } from 'lodash';" }, /write `import package from 'lodash'`/],
  ['imports uuid as a default', { mjs: "import uuid from 'uuid';" }, /import \{ v4 as uuid \} from 'uuid'/],
  ['imports uuid/v4', { cjs: "require('uuid/v4');" }, /import \{ v4 \} from 'uuid'/],
  ['writes module.exports in an ES module', { mjs: "import 'http'; module.exports = 1;" },
    /ReferenceError: module is not .*ES module/],
  ['cannot be parsed', { cjs: 'module.exports = async () => {\n  let a = ;\n};' },
    /^SyntaxError: Unexpected token ';' \(line 2\)/],
]) {
  test(`a source that ${name} is refused with a message`, async (t) => {
    assert.match(await refusalOf(t, source), message);
  });
}

test('the errors that decide are globals, and known by their names', async (t) => {
  const mjs = `const types = [ValidationError, InvalidEventPayload, EventNotSupported, RetryError];
    export default async () => types.map((type) => [new type('x') instanceof Error, String(new type('x'))]);`;
  const names = ['ValidationError', 'InvalidEventPayload', 'EventNotSupported', 'RetryError'];
  assert.deepEqual(await resultOf(t, { mjs }), names.map((name) => [true, `${name}: x`]));
});

test('core-js is not loaded unless a source names it', async (t) => {
  assert.equal(await resultOf(t, { cjs: "module.exports = async () => '__core-js_shared__' in globalThis;" }), false);
});
