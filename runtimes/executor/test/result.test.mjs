// Results: JSON as it is; what cannot be sent becomes null with a warning, for the function has done its work.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readyExecutor } from './support/app.mjs';

const EVAL = { upsert: { cjs: 'module.exports = async ({ inputs }) => eval(inputs.value);' } };

const plain = (result) => ({ outcome: 'succeeded', result });

const CASES = [
  ['an object', '({ a: [1, null, "ä"] })', plain({ a: [1, null, 'ä'] })],
  ['nothing', 'undefined', plain(null)],
  ['false', 'false', plain(false)],
  ['a date', 'new Date(0)', plain('1970-01-01T00:00:00.000Z')],
  ['toJSON that gives nothing', '({ toJSON() {} })', plain(null)],
  ['a thenable', '({ then(done) { done(7); } })', plain(7)],
  ['just the largest text', '"x".repeat(1024 * 1024 - 2)', plain('x'.repeat(1024 * 1024 - 2))],
  ['one byte more', '"x".repeat(1024 * 1024 - 1)', 'ResultTooLarge'],
  ['bytes count, not characters', '"ä".repeat(600 * 1024)', 'ResultTooLarge'],
  ['a circle', '{ const a = {}; a.a = a; a; }', 'ResultNotSerializable'],
  ['a BigInt', '1n', 'ResultNotSerializable'],
  ['toJSON that throws', '({ toJSON() { throw new Error("no"); } })', 'ResultNotSerializable'],
  ['toJSON that throws null', '({ toJSON() { throw null; } })', 'ResultNotSerializable'],
  ['toJSON that throws what cannot be read', `({ toJSON() { throw Object.defineProperty({}, 'message', {
    get() { throw 1; } }); } })`, 'ResultNotSerializable'],
  ['toJSON that skips', '({ toJSON() { throw new EventNotSupported("no"); } })', 'ResultNotSerializable'],
  ['nesting without end', '{ let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; a; }', 'ResultNotSerializable'],
  ['a function', '() => 1', 'ResultIsFunction'],
  ['a symbol', 'Symbol("a")', 'ResultIsFunction'],
];

test('what is returned becomes the result', async (t) => {
  const { peer } = await readyExecutor(t, EVAL);
  for (const [name, value, expected] of CASES) {
    await t.test(name, async () => {
      const answer = await peer.call({ inputs: { value } });
      if (typeof expected === 'object') return assert.deepEqual(answer, expected);
      assert.deepEqual([answer.outcome, answer.result, answer.warning.code], ['succeeded', null, expected]);
      assert.ok(answer.warning.message.length > 20);
    });
  }
});

test('the response of axios, returned as it is, is a success with a hint', async (t) => {
  const cjs = `const axios = require('axios'); const http = require('http');
    module.exports = async () => {
      const server = http.createServer((_request, response) => response.end('{}'));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      try { return await axios.put('http://127.0.0.1:' + server.address().port, {}); } finally { server.close(); }
    };`;
  const { peer } = await readyExecutor(t, { upsert: { cjs } });
  const answer = await peer.call();
  assert.deepEqual([answer.outcome, answer.warning.code], ['succeeded', 'ResultNotSerializable']);
  assert.match(answer.warning.message, /response\.data/);
});

test('built-ins that user code has replaced do not matter', async (t) => {
  const cjs = `JSON.stringify = () => 'x'; JSON.parse = () => 'x'; globalThis.setImmediate = () => {};
    globalThis.setTimeout = () => {}; globalThis.Promise = class {}; console.log = () => {};
    module.exports = async ({ inputs }) => inputs;`;
  const { peer } = await readyExecutor(t, { upsert: { cjs } });
  assert.deepEqual(await peer.call({ inputs: { a: 1 } }), plain({ a: 1 }));
});
