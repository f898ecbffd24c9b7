// Console lines: JSON with the record they belong to, bounded for each record, and never a reason to block.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readyExecutor } from './support/app.mjs';
import { poll } from './support/poll.mjs';

async function linesOf(t, body, inputs = {}) {
  const cjs = `module.exports = async ({ inputs }) => { ${body} };`;
  const executor = await readyExecutor(t, { upsert: { cjs } });
  const answer = await executor.peer.call({ inputs });
  assert.equal(answer.outcome, 'succeeded', JSON.stringify(answer));
  return executor.finish();
}

test('each method is a line with its level and record', async (t) => {
  const body = `console.log('a %d', 1, { b: 2 }); console.debug('c'); console.warn('d'); console.error('e');
    console.info('f\\ng'); console.table([{ h: 1 }]); console.assert(false, 'i'); console.assert(true, 'j');
    console.count('k'); process.stdout.write('l\\n'); process.stderr.write(Buffer.from('m'));`;
  const lines = await linesOf(t, body);
  assert.deepEqual(
    lines.map(({ level, message }) => [level, message]).filter(([, message]) => !message.startsWith('┌')),
    [
      ['info', 'a 1 { b: 2 }'], ['debug', 'c'], ['warn', 'd'], ['error', 'e'], ['info', 'f\ng'],
      ['warn', 'Assertion failed: i'], ['info', 'k: 1'], ['info', 'l'], ['error', 'm'],
    ],
  );
  for (const { record, operation, source, time } of lines) {
    assert.deepEqual([record, operation, source], ['r1', 'upsert', 'hubspot']);
    assert.ok(Date.parse(time) > 0);
  }
});

test('lines of calls that run at once keep their records apart', async (t) => {
  const cjs = `module.exports = async ({ inputs }) => {
    for (let i = 0; i < 3; i += 1) { await new Promise((done) => setTimeout(done, 5)); console.log(inputs.name); }
  };`;
  const executor = await readyExecutor(t, { upsert: { cjs } });
  const call = (name) => executor.peer.call({ inputs: { name }, meta: { id: name } });
  await Promise.all(['a', 'b', 'c'].map(call));
  const lines = await executor.finish();
  assert.equal(lines.length, 9);
  for (const { record, message } of lines) assert.equal(record, message);
});

test('lines of loading and of no record have no record', async (t) => {
  const cjs = "console.log('loading'); module.exports = async () => {};";
  const [line] = await (await readyExecutor(t, { upsert: { cjs } })).finish();
  assert.deepEqual([line.message, line.record, line.operation], ['loading', null, 'upsert']);
});

test('a line has at most 64 KiB', async (t) => {
  const [line] = await linesOf(t, "console.log('ä'.repeat(100000));");
  assert.ok(Buffer.byteLength(line.message) <= 65536);
  assert.ok(line.message.endsWith('…'));
});

test('two million lines are cut to a thousand, and the last says how many were dropped', async (t) => {
  const lines = await linesOf(t, 'for (let i = 0; i < 2e6; i += 1) console.log("line", i);');
  assert.equal(lines.length, 1001);
  assert.match(lines[1000].message, /^1999000 further lines were dropped/);
  assert.equal(lines[1000].record, 'r1');
});

test('a flood through process.stdout.write is bounded too', async (t) => {
  const lines = await linesOf(t, "for (let i = 0; i < 5000; i += 1) process.stdout.write('x\\n');");
  assert.equal(lines.length, 1001);
});

test('other records are answered beside a flood', async (t) => {
  const cjs = `module.exports = async ({ inputs }) => {
    for (let i = 0; inputs.flood && i < 900; i += 1) {
      console.log('x'.repeat(60000)); await new Promise((done) => setImmediate(done));
    }
    return 'done';
  };`;
  const executor = await readyExecutor(t, { upsert: { cjs } });
  const flood = executor.peer.call({ inputs: { flood: true } });
  await poll(() => executor.output.length > 0, 'the flood begins');
  assert.equal((await executor.peer.call()).result, 'done');
  assert.equal((await flood).result, 'done');
});

test('a format that throws is the function\'s own error, and the next line keeps its level', async (t) => {
  const body = `const bad = { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no'); } };
    try { console.error(bad); } catch (error) { console.log(error.message); }`;
  const lines = await linesOf(t, body);
  assert.deepEqual(lines.map(({ level, message }) => [level, message]), [['info', 'no']]);
});
