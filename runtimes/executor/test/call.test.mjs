// A call: what a function is given, and that nothing of it is shared between calls.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { TYPES, readyExecutor } from './support/app.mjs';
import { REQUEST } from './support/dispatcher.mjs';

test('a function is given the six members, and meta has its deadline', async (t) => {
  const source = `module.exports = async ({ meta, ...rest }) => ({
    ...rest, meta: { ...meta, signal: meta.signal.aborted },
  });`;
  const { peer } = await readyExecutor(t, { upsert: { cjs: source } }, { variables: { baseUrl: 'https://a.example' } });
  const before = Date.now();
  const { outcome, result } = await peer.call({
    inputs: { id: '1', when: null },
    context: { external_id: 'u1' },
    connection: { id: 'c1' },
    timeoutMs: 5000,
  });
  const { meta, ...rest } = result;
  assert.equal(outcome, 'succeeded');
  assert.deepEqual(rest, {
    variables: { baseUrl: 'https://a.example' },
    inputs: { id: '1', when: null },
    context: { external_id: 'u1' },
    connection: { id: 'c1' },
    source: { slug: 'hubspot' },
  });
  const { deadline, ...others } = meta;
  assert.deepEqual(others, { ...REQUEST.meta, signal: false });
  assert.ok(Date.parse(deadline) >= before + 5000 && Date.parse(deadline) <= Date.now() + 5000, deadline);
});

test("what the dispatcher says of the record is passed on in meta, the sender's trace too", async (t) => {
  const { peer } = await readyExecutor(t, { upsert: { cjs: 'module.exports = async ({ meta }) => meta;' } });
  const meta = { ...REQUEST.meta, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
  const { result } = await peer.call({ meta });
  assert.deepEqual(Object.keys(result).sort(), [...Object.keys(meta), 'deadline', 'signal'].sort());
  assert.equal(result.traceparent, meta.traceparent);
});

test('of meta, the dispatcher need only say the id', async (t) => {
  const { peer } = await readyExecutor(t, { upsert: { cjs: 'module.exports = async ({ meta }) => meta;' } });
  const { result } = await peer.call({ meta: { id: 'r1' } });
  const { deadline, signal } = result;
  assert.deepEqual(result, { id: 'r1', operation: 'upsert', attempt: 1, time: null, key: null, deadline, signal });
});

test('everything that a call is given may be changed', async (t) => {
  const source = `'use strict'; module.exports = async (call) => {
    const change = (value) => { for (const name of Object.keys(value)) {
      if (typeof value[name] === 'object' && value[name] !== null && name !== 'signal') change(value[name]);
      value[name] = 'new'; delete value[name]; value.more = 1;
    } };
    change(call);
    return Object.keys(call);
  };`;
  const { peer } = await readyExecutor(t, { upsert: { cjs: source } }, { variables: { list: [{ a: 1 }] } });
  assert.deepEqual(await peer.call({ inputs: { object: { a: [1] } } }), { outcome: 'succeeded', result: ['more'] });
});

test('members named like those of all objects arrive as they were sent', async (t) => {
  const source = `module.exports = async ({ context }) => [Object.keys(context), ({}).polluted === undefined,
    typeof ({}).__proto__];`;
  const { peer } = await readyExecutor(t, { upsert: { cjs: source } });
  const context = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}');
  assert.deepEqual((await peer.call({ context })).result, [['__proto__', 'constructor'], true, 'undefined']);
});

for (const more of [{}, { list: [{ a: 1 }] }]) {
  test(`each call has its own copies, variables too: with ${JSON.stringify(more)}`, async (t) => {
    const source = `module.exports = async ({ variables, inputs }) => {
      variables.count += 1; variables.added = 1; inputs.list.push('x');
      const { list = [] } = variables; list.forEach((one) => { one.a += 1; }); list.push({ a: 1 });
      return [variables, inputs.list];
    };`;
    const variables = { count: 0, key: null, ...more };
    const { peer } = await readyExecutor(t, { upsert: { cjs: source } }, { variables });
    const first = await peer.call({ inputs: { list: [] } });
    assert.equal(first.result[0].count, 1);
    assert.deepEqual(await peer.call({ inputs: { list: [] } }), first);
  });
}

test('new variables reach the calls that start after them', async (t) => {
  const source = 'module.exports = async ({ variables }) => variables.baseUrl;';
  const { peer } = await readyExecutor(t, { upsert: { cjs: source } }, { variables: { baseUrl: 'old' } });
  peer.send(TYPES.configure, 0, { variables: { baseUrl: 'new' }, secrets: [] });
  assert.equal((await peer.call()).result, 'new');
});

test('an array of calls is answered one by one, with ids that follow each other', async (t) => {
  const source = `module.exports = async ({ inputs }) => {
    if (inputs.n === 1) throw new Error('one bad record');
    await new Promise((resolve) => setTimeout(resolve, inputs.n === 0 ? 30 : 0));
    return inputs.n;
  };`;
  const { peer } = await readyExecutor(t, { upsert: { cjs: source } });
  peer.send(TYPES.invoke, 100, [0, 1, 2].map((n) => ({ ...REQUEST, inputs: { n } })));
  assert.deepEqual(await peer.result(100), { outcome: 'succeeded', result: 0 });
  assert.equal((await peer.result(101)).outcome, 'failed');
  assert.deepEqual(await peer.result(102), { outcome: 'succeeded', result: 2 });
});

test('calls run concurrently', async (t) => {
  const source = `let arrived; const second = new Promise((resolve) => { arrived = resolve; });
    module.exports = async ({ inputs }) => (inputs.first ? second : arrived('met'));`;
  const { peer } = await readyExecutor(t, { upsert: { cjs: source } });
  const first = peer.call({ inputs: { first: true } });
  await peer.call({ inputs: {} });
  assert.equal((await first).result, 'met');
});

test('both functions share one executor, and a record without a function is skipped', async (t) => {
  const { peer } = await readyExecutor(t, {
    upsert: { cjs: 'module.exports = async () => { globalThis.seen = "upsert"; };' },
    delete: { mjs: 'export default async () => globalThis.seen;' },
  });
  assert.deepEqual((await peer.until(TYPES.ready)).payload, { operations: ['upsert', 'delete'] });
  await peer.call();
  assert.equal((await peer.call({ operation: 'delete' })).result, 'upsert');
  assert.equal((await peer.call({ operation: 'archive' })).outcome, 'skipped');
});

test('the progress file names the call started last and counts them', async (t) => {
  const { peer } = await readyExecutor(t, { upsert: { cjs: 'module.exports = async () => {};' } });
  assert.equal(fs.readFileSync(peer.progress).readUInt32LE(4), 0);
  peer.send(TYPES.invoke, 41, [REQUEST, REQUEST]);
  await peer.result(42);
  const bytes = fs.readFileSync(peer.progress);
  assert.deepEqual([bytes.length, bytes.readUInt32LE(0), bytes.readUInt32LE(4)], [8, 42, 2]);
});

test('the environment says nothing of the runner, and the zone is UTC', async (t) => {
  const source = `module.exports = async () => [
    Object.keys(process.env).filter((name) => name.startsWith('XKIT_')), new Date(0).getHours(), process.version];`;
  const { peer } = await readyExecutor(t, { upsert: { cjs: source } });
  assert.deepEqual((await peer.call()).result, [[], 0, 'v14.21.3']);
});
