// Deadlines and drain, from the executor's side: the signal, late answers, ping, and leaving when nothing is open.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { TYPES, readyExecutor } from './support/app.mjs';
import { poll } from './support/poll.mjs';

const SOURCE = {
  upsert: {
    cjs: `const ways = {
        never: () => new Promise(() => {}),
        heed: ({ meta }) => new Promise((resolve) => { meta.signal.onabort = () => resolve('stopped'); }),
        held: () => new Promise((resolve) => { globalThis.release = resolve; }),
        release: () => globalThis.release('at last'),
        block: ({ inputs }) => { for (const end = Date.now() + inputs.ms; Date.now() < end;); },
        quick: () => 'quick',
      };
      module.exports = async (call) => ways[call.inputs.way](call);`,
  },
};

const way = (name, more = {}) => ({ inputs: { way: name, ...more } });

test('abort fires the signal, and the late answer is still sent once', async (t) => {
  const { peer, dispatcher } = await readyExecutor(t, SOURCE);
  const id = peer.invoke(way('heed'));
  peer.send(TYPES.abort, id);
  assert.equal((await peer.result(id)).result, 'stopped');
  await peer.call(way('quick'));
  assert.equal(dispatcher.seen.filter((frame) => frame.type === TYPES.result && frame.id === id).length, 1);
});

test('a call that never resolves leaves the others alone', async (t) => {
  const { peer } = await readyExecutor(t, SOURCE);
  const id = peer.invoke(way('never'));
  assert.equal((await peer.call(way('quick'))).result, 'quick');
  peer.send(TYPES.abort, id);
  assert.equal((await peer.call(way('quick'))).result, 'quick');
});

test('abort of a call that is answered already, or unknown, does nothing', async (t) => {
  const { peer } = await readyExecutor(t, SOURCE);
  const id = peer.invoke(way('quick'));
  await peer.result(id);
  peer.send(TYPES.abort, id);
  peer.send(TYPES.abort, 4_000_000_000);
  assert.equal((await peer.call(way('quick'))).result, 'quick');
});

test('ping is answered between calls, and not while one blocks', async (t) => {
  const { peer, dispatcher } = await readyExecutor(t, SOURCE);
  peer.send(TYPES.ping, 9);
  await peer.until(TYPES.pong, ({ id }) => id === 9);
  const id = peer.invoke(way('block', { ms: 300 }));
  await poll(() => fs.readFileSync(peer.progress).readUInt32LE(0) === id, 'the call starts');
  peer.send(TYPES.ping, 10);
  await peer.until(TYPES.pong, (frame) => frame.id === 10);
  const answered = dispatcher.seen.some((frame) => frame.type === TYPES.result && frame.id === id);
  assert.ok(answered, 'the pong came while the call blocked');
});

test('drain ends the executor when the last call is answered', async (t) => {
  const executor = await readyExecutor(t, SOURCE);
  const { peer } = executor;
  const held = peer.invoke(way('held'));
  peer.send(TYPES.drain);
  const release = peer.invoke(way('release'));
  assert.equal((await peer.result(held)).result, 'at last');
  await peer.result(release);
  assert.deepEqual(await executor.ended, { code: 0, signal: null });
});

test('drain does not wait for a call that was given up', async (t) => {
  const executor = await readyExecutor(t, SOURCE);
  const id = executor.peer.invoke(way('never'));
  executor.peer.send(TYPES.drain);
  executor.peer.send(TYPES.abort, id);
  assert.deepEqual(await executor.ended, { code: 0, signal: null });
});

test('when the connection is lost, signals fire and old answers are not sent on the next one', async (t) => {
  const { peer, dispatcher } = await readyExecutor(t, SOURCE);
  const id = peer.invoke(way('held'));
  assert.equal((await peer.call(way('quick'))).result, 'quick');
  peer.socket.destroy();
  const { peer: next } = await dispatcher.until(TYPES.ready, (frame) => frame.peer !== peer);
  assert.equal((await next.call(way('release'))).outcome, 'succeeded');
  assert.equal((await next.call(way('quick'))).result, 'quick');
  assert.equal(dispatcher.seen.some((frame) => frame.type === TYPES.result && frame.id === id), false);
});
