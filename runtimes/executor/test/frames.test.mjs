// Frames: the vectors that the dispatcher is tested with as well.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import frames from '../frames.js';

const { Decoder, ProtocolError, encode } = frames;
const vectors = JSON.parse(fs.readFileSync(new URL('../../../tests/vectors/frames.json', import.meta.url), 'utf8'));
const bytes = (hex) => Buffer.from(hex, 'hex');

for (const { name, type, id, payload, hex } of vectors.frames) {
  test(`writes a frame: ${name}`, () => {
    assert.equal(encode(type, id, payload === null ? '' : JSON.stringify(payload)).toString('hex'), hex);
  });
  test(`reads a frame: ${name}`, () => {
    assert.deepEqual(new Decoder().push(bytes(hex)), [{ type, id, payload }]);
  });
}

for (const { name, chunks, frames: expected, rest } of vectors.streams) {
  test(`reads a stream: ${name}`, () => {
    const decoder = new Decoder();
    const seen = chunks.flatMap((chunk) => decoder.push(bytes(chunk)));
    assert.deepEqual(seen.map(({ type, id, payload }) => [type, id, payload]), expected);
    assert.equal(decoder.rest, rest);
  });
}

for (const { name, hex } of vectors.invalid) {
  test(`refuses ${name}`, () => {
    assert.throws(() => new Decoder().push(bytes(hex)), ProtocolError);
  });
}
