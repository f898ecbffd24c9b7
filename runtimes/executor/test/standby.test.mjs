// The standby: when it is needed, who is given up, and what the host makes of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import hold from '../hold.js';
import standby from '../standby.js';
import { TYPES, startHost } from './support/app.mjs';
import { NODE } from './support/cache.mjs';
import { poll } from './support/poll.mjs';

const { whileStill } = hold;
const { Standby, superfluous } = standby;
const OK = { upsert: { cjs: 'module.exports = async () => process.pid;' } };
const BRIEF = { env: { XKIT_STANDBY_SECONDS: '0.5' } };

test('a standby is needed until nothing has started for the quiet time, and again from the next call on', () => {
  const one = new Standby(60, 0);
  const needed = [[0, 59], [0, 60], [1, 100], [1, 159], [1, 160], [0, 200]].map((look) => one.isNeeded(...look));
  assert.deepEqual(needed, [true, false, true, true, false, true]);
});

for (const [what, executors, serving, expected] of [
  ['the youngest of those that have never started a call', 'a0 b0 c0', 2, 'c0'],
  ['an older one, when the youngest has started calls', 'a0 b7', 1, 'a0'],
  ['nobody who has started a call', 'a1 b7', 1, undefined],
  ['nobody while another one loads', 'a0 b0-', 1, undefined],
  ['nobody who loads', 'a0 b0 c0-', 1, 'b0'],
  ['nobody when all are to serve', 'a0 b0', 2, undefined],
]) {
  test(`given up is ${what}`, () => {
    const all = executors.split(' ').map((name) => ({ name, isReady: !name.endsWith('-'), started: Number(name[1]) }));
    assert.equal(superfluous(all, serving)?.name, expected);
  });
}

test('without calls the standby ends, with the next call another one starts, and who serves goes on', async (t) => {
  const host = await startHost(t, OK, BRIEF);
  const first = await host.dispatcher.ready('e1');
  const { result: pid } = await first.call();
  const { payload } = await host.dispatcher.until(TYPES.exited);
  assert.deepEqual([payload.executor, payload.reason, payload.started], ['e2', 'Idle', 0]);
  assert.equal((await first.call()).result, pid);
  assert.notEqual((await (await host.dispatcher.ready('e3')).call()).result, pid);
});

test('an executor with calls stays, whichever it is', async (t) => {
  const host = await startHost(t, OK, BRIEF);
  await host.dispatcher.ready('e1');
  const second = await host.dispatcher.ready('e2');
  await second.call();
  assert.equal((await host.dispatcher.until(TYPES.exited)).payload.executor, 'e1');
  assert.equal((await second.call()).outcome, 'succeeded');
});

test('a process is looked at while it stands still, and goes on afterwards', async (t) => {
  const counting = spawn(NODE, ['-e', 'let n = 0; for (;;) require("fs").writeSync(1, `${n += 1}\n`);']);
  t.after(() => counting.kill('SIGKILL'));
  let last = '';
  counting.stdout.setEncoding('utf8').on('data', (text) => {
    last = text;
  });
  await poll(() => last !== '', 'it counts');
  const states = await new Promise((resolve) => {
    whileStill(counting.pid, () => resolve(fs.readFileSync(`/proc/${counting.pid}/stat`, 'utf8')));
  });
  assert.match(states, /\) T /);
  last = '';
  await poll(() => last !== '', 'it goes on counting');
});

for (const delay of [0, 60, 120, 180]) {
  test(`a call ${delay} ms after all are ready is answered, or has never started where it was sent`, async (t) => {
    const host = await startHost(t, OK, { env: { XKIT_STANDBY_SECONDS: '0.001' } });
    const second = await host.dispatcher.ready('e2');
    await host.dispatcher.ready('e1');
    await wait(delay);
    const id = second.invoke();
    await Promise.race([second.result(id), second.close()]);
    const { payload } = await host.dispatcher.until(TYPES.exited);
    const answered = host.dispatcher.seen.some((frame) => frame.type === TYPES.result);
    assert.deepEqual([payload.executor, payload.started, payload.reason], [answered ? 'e1' : 'e2', 0, 'Idle']);
  });
}
