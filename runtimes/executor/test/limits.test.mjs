// Small rules without a process: how long to wait, how much memory, where a text is cut.
import assert from 'node:assert/strict';
import test from 'node:test';
import backoff from '../backoff.js';
import memory from '../memory.js';
import settings from '../settings.js';
import text from '../text.js';

test('an executor that keeps dying waits longer each time, up to 5 s, and one that lived starts anew', () => {
  const delays = new backoff.Backoff();
  assert.deepEqual([0, 0, 0, 0, 0, 0, 0, 0, 0].map((lived) => delays.after(lived)), [
    50, 100, 200, 400, 800, 1600, 3200, 5000, 5000,
  ]);
  assert.equal(delays.after(10_000), 50);
});

test('the heap stays below the resident limit, and is never zero', () => {
  for (const mib of [1, 64, 128, 256, 1024, 4096]) {
    const heap = memory.oldSpace(mib * 1024 * 1024);
    assert.ok(heap >= 16 && (mib < 128 || heap < mib), `${mib} gives ${heap}`);
  }
});

test('a process that does not exist holds no memory', () => {
  assert.equal(memory.residentBytes(2 ** 22 + 1), 0);
  assert.ok(memory.residentBytes(process.pid) > 1024 * 1024);
});

for (const sample of ['', 'short', 'x'.repeat(100), 'ä'.repeat(40), '鍵'.repeat(30), '🔑'.repeat(20), 'a🔑ä'.repeat(9)]) {
  for (const bytes of [9, 10, 11, 12, 60]) {
    test(`'${sample.slice(0, 4)}…' (${sample.length}) is cut to ${bytes} bytes at a character`, () => {
      const short = text.cut(sample, bytes);
      assert.ok(Buffer.byteLength(short) <= bytes);
      if (short !== sample) assert.ok(short.endsWith('…') && sample.startsWith(short.slice(0, -1)), short);
      else assert.ok(Buffer.byteLength(sample) <= bytes);
    });
  }
}

test('a setting that is no number names itself', () => {
  assert.throws(() => settings.hostSettings({ XKIT_EXECUTORS: 'many' }), /XKIT_EXECUTORS must be a number/);
  assert.throws(() => settings.executorSettings({}), /started by host\.js/);
});
