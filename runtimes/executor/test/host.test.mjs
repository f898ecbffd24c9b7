// The host: what becomes of executors that end, are killed, hold too much memory, or never come up.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { TYPES, startHost } from './support/app.mjs';
import { REQUEST } from './support/dispatcher.mjs';
import { poll } from './support/poll.mjs';

const OK = { upsert: { cjs: 'module.exports = async () => process.pid;' } };
const HOSTILE = {
  upsert: {
    cjs: `const { setFlagsFromString } = require('v8');
      const ways = {
        loop: () => { for (;;); },
        abort: () => process.abort(),
        kill: () => process.kill(process.pid, 'SIGKILL'),
        leave: () => process.reallyExit(3),
        descriptors: () => { for (let fd = 0; fd < 64; fd += 1) try { require('fs').closeSync(fd); } catch {} },
        heap: () => { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); },
        array: () => new Array(2 ** 27).fill(1.5),
        buffers: () => { // at a pace that leaves a busy host time to look, and the machine its memory
          const still = new Int32Array(new SharedArrayBuffer(4));
          for (const all = []; ; Atomics.wait(still, 0, 0, 5)) all.push(Buffer.alloc(2 ** 23, 1));
        },
        recursion: () => { const down = async () => { await down(); }; return down(); },
        child: () => {
          const { pid } = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
          return pid;
        },
      };
      module.exports = async ({ inputs }) => ways[inputs.way]();`,
  },
};

const exited = (host, name) => host.dispatcher.until(TYPES.exited, ({ payload }) => payload.executor === name);

/** Empty once the process has ended, also before it is reaped. */
function commandLine(pid) {
  return fs.existsSync(`/proc/${pid}`) ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
}

async function both(host) {
  const first = await host.dispatcher.ready('e1');
  const second = await host.dispatcher.ready('e2');
  return { first, second };
}

test('one executor serves and one stands by, each in a process group of its own', async (t) => {
  const host = await startHost(t, OK);
  const { first, second } = await both(host);
  assert.deepEqual((await host.dispatcher.host()).role, 'host');
  assert.notEqual((await first.call()).result, (await second.call()).result);
  for (const { pid } of [first, second]) {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    assert.equal(Number(stat.slice(stat.lastIndexOf(')')).split(' ')[3]), pid);
    assert.equal(fs.readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'), '1000\n');
  }
});

test('functions live in UTC and without the settings of the container, wherever the container is', async (t) => {
  const cjs = `module.exports = async () => [new Date(2024, 6, 1).toISOString(),
    Object.keys(process.env).filter((name) => name.startsWith('XKIT_'))];`;
  const host = await startHost(t, { upsert: { cjs } }, { env: { TZ: 'America/New_York' } });
  const { first } = await both(host);
  assert.deepEqual((await first.call()).result, ['2024-07-01T00:00:00.000Z', []]);
});

test('an endless loop is killed on demand while the standby serves, and a successor comes up', async (t) => {
  const host = await startHost(t, HOSTILE);
  const { first, second } = await both(host);
  const id = first.invoke({ inputs: { way: 'loop' } });
  assert.equal((await second.call({ inputs: { way: 'child' } })).outcome, 'succeeded');
  (await host.dispatcher.host()).send(TYPES.kill, 0, { executor: 'e1', reason: 'DeadlineExceeded' });
  const { payload } = await exited(host, 'e1');
  assert.deepEqual(payload, {
    executor: 'e1', pid: first.pid, code: null, signal: 'SIGKILL', reason: 'Killed', lastStarted: id, started: 1,
  });
  assert.equal((await (await host.dispatcher.ready('e3')).call({ inputs: { way: 'child' } })).outcome, 'succeeded');
});

for (const [way, code, signal, reason] of [
  ['abort', null, 'SIGABRT', 'Exited'],
  ['kill', null, 'SIGKILL', 'Exited'],
  ['leave', 3, null, 'Exited'],
  ['recursion', 7, null, 'Exited'],
  ['heap', null, 'SIGABRT', 'MemoryExceeded'],
  ['buffers', null, 'SIGKILL', 'MemoryExceeded'],
]) {
  test(`an executor that ends by ${way} is reported with its reason and replaced`, async (t) => {
    const host = await startHost(t, HOSTILE);
    const { first, second } = await both(host);
    const id = first.invoke({ inputs: { way } });
    const { payload } = await exited(host, 'e1');
    assert.deepEqual(
      [payload.code, payload.signal, payload.reason, payload.lastStarted], [code, signal, reason, id],
    );
    await host.dispatcher.ready('e3');
    assert.equal((await second.call({ inputs: { way: 'child' } })).outcome, 'succeeded');
  });
}

test('one huge array exceeds the memory', async (t) => {
  const host = await startHost(t, HOSTILE);
  const { first } = await both(host);
  first.invoke({ inputs: { way: 'array' } });
  assert.equal((await exited(host, 'e1')).payload.reason, 'MemoryExceeded');
});

test('an executor that closes all its descriptors is replaced', async (t) => {
  const host = await startHost(t, HOSTILE);
  const { first } = await both(host);
  first.invoke({ inputs: { way: 'descriptors' } });
  await exited(host, 'e1');
  await host.dispatcher.ready('e3');
});

test('what an executor has started dies with it', async (t) => {
  const host = await startHost(t, HOSTILE);
  const { first } = await both(host);
  const { result } = await first.call({ inputs: { way: 'child' } });
  assert.match(commandLine(result), /setInterval/);
  (await host.dispatcher.host()).send(TYPES.kill, 0, { executor: 'e1', reason: 'DeadlineExceeded' });
  await exited(host, 'e1');
  await poll(() => commandLine(result) === '', 'the child ends');
});

test('a drained executor is no failure', async (t) => {
  const host = await startHost(t, OK);
  const { first } = await both(host);
  first.send(TYPES.drain);
  assert.equal((await exited(host, 'e1')).payload.reason, 'Drained');
});

test('functions that cannot be loaded end the host with a message in the termination log', async (t) => {
  const host = await startHost(t, { upsert: { cjs: 'require("left-pad");' } });
  assert.deepEqual(await host.ended, { code: 65, signal: null });
  const message = fs.readFileSync(path.join(host.folder, 'termination-log'), 'utf8');
  assert.match(message, /^FunctionLoadFailed: upsert: Cannot find module 'left-pad'/);
  assert.match((await host.dispatcher.until(TYPES.loadFailed)).payload.message, /left-pad/);
});

for (const [name, source] of [
  ['blocks', 'for (;;);'],
  ['waits', 'await new Promise(() => {}); export default async () => {};'],
]) {
  test(`loading that ${name} for ever fails at its deadline`, async (t) => {
    const host = await startHost(t, { delete: { mjs: source } }, { env: { XKIT_LOAD_SECONDS: '0.5' } });
    assert.deepEqual(await host.ended, { code: 65, signal: null });
    const { payload } = await host.dispatcher.until(TYPES.loadFailed);
    assert.deepEqual([payload.operation, payload.code], ['delete', 'FunctionLoadFailed']);
    assert.match(fs.readFileSync(path.join(host.folder, 'termination-log'), 'utf8'), /delete: loading has not ended/);
  });
}

test('functions that loaded once are loaded again after an executor ended, whatever it takes', async (t) => {
  const source = `if (require('fs').existsSync(__dirname + '/broken')) throw new Error('not this time');
    module.exports = async () => 'works';`;
  const host = await startHost(t, { upsert: { cjs: source } });
  await both(host);
  const broken = path.join(host.folder, 'functions', 'broken');
  fs.writeFileSync(broken, '');
  (await host.dispatcher.host()).send(TYPES.kill, 0, { executor: 'e1', reason: 'DeadlineExceeded' });
  assert.equal((await exited(host, 'e3')).payload.reason, 'LoadFailed');
  fs.unlinkSync(broken);
  const back = await host.dispatcher.until(TYPES.ready, ({ peer }) => !['e1', 'e2'].includes(peer.name));
  assert.equal((await back.peer.call()).result, 'works');
});

test('host and executors wait for the socket, and come back when the dispatcher starts again', async (t) => {
  const host = await startHost(t, OK, { listen: false });
  await host.dispatcher.listen();
  const { first } = await both(host);
  const pid = (await first.call()).result;
  await host.dispatcher.stop();
  const seen = host.dispatcher.seen.splice(0);
  assert.ok(seen.length > 0);
  host.dispatcher.server.listen(host.dispatcher.path);
  const again = await host.dispatcher.ready('e1');
  await host.dispatcher.host();
  assert.equal((await again.call()).result, pid);
});

test('on SIGTERM the host waits until the dispatcher hangs up, then ends with all executors', async (t) => {
  const host = await startHost(t, OK);
  const { first, second } = await both(host);
  const link = await host.dispatcher.host();
  host.process.kill('SIGTERM');
  assert.equal((await first.call()).outcome, 'succeeded');
  link.socket.destroy();
  assert.deepEqual(await host.ended, { code: 0, signal: null });
  await first.close();
  await second.close();
});

test('without a dispatcher SIGTERM ends the host at once', async (t) => {
  const host = await startHost(t, OK, { listen: false });
  await poll(() => fs.existsSync(path.join(host.folder, 'run', 'progress-e2')), 'the executors start');
  host.process.kill('SIGTERM');
  assert.deepEqual(await host.ended, { code: 0, signal: null });
});

test('a connection that breaks the protocol is closed and made again', async (t) => {
  const host = await startHost(t, OK);
  const { first } = await both(host);
  first.socket.write(Buffer.from([1, 0, 0, 0, 99]));
  await first.close();
  const back = await host.dispatcher.until(TYPES.ready, ({ peer }) => peer.name === 'e1' && peer !== first);
  assert.equal((await back.peer.call({ ...REQUEST })).outcome, 'succeeded');
});
