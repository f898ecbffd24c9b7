'use strict';
/**
 * Frames on the socket between dispatcher and function container: bytes in, frames out, and the other way round.
 * Pure; the layout is that of PROTOCOL.md, and tests/vectors/frames.json holds both sides to it.
 */

const { parse } = require('./own');

const TYPES = Object.freeze({
  hello: 1,
  ready: 2,
  loadFailed: 3,
  result: 4,
  pong: 5,
  fault: 6,
  exited: 7,
  memory: 8,
  configure: 16,
  invoke: 17,
  abort: 18,
  ping: 19,
  drain: 20,
  kill: 32,
});

/** @type {Set<number>} */
const KNOWN = new Set(Object.values(TYPES));
const HEADER = 4;
const SMALLEST = 5;
const LARGEST = 32 * 1024 * 1024;

/** @typedef {{type: number, id: number, payload: any}} Frame */

/** The other side does not keep to the protocol: the connection cannot be used any more. */
class ProtocolError extends Error {}

/**
 * @param {number} type
 * @param {number} id
 * @param {string} [text] the payload as JSON text; empty stands for null
 */
function encode(type, id, text = '') {
  const size = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER + SMALLEST + size);
  frame.writeUInt32LE(SMALLEST + size, 0);
  frame.writeUInt8(type, 4);
  frame.writeUInt32LE(id, 5);
  frame.write(text, 9);
  return frame;
}

/** @param {Buffer} bytes */
function payloadOf(bytes) {
  if (bytes.length === 0) return null;
  const text = bytes.toString();
  // toString() puts U+FFFD in place of bytes that are not UTF-8; comparing costs only where one is found.
  if (text.includes('\ufffd') && !Buffer.from(text).equals(bytes)) throw new ProtocolError('the payload is not UTF-8');
  try {
    return parse(text);
  } catch (error) {
    throw new ProtocolError(`the payload is not JSON: ${/** @type {Error} */ (error).message}`);
  }
}

/** Puts the reads of one connection together; chunks are joined once a frame is whole: a large one is copied once. */
class Decoder {
  /** @type {Buffer[]} */
  #chunks = [];
  #wanted = HEADER;
  /** How many bytes wait for the rest of their frame. */
  rest = 0;

  /**
   * @param {Buffer} chunk
   * @returns {Frame[]} the frames that are complete now
   * @throws {ProtocolError}
   */
  push(chunk) {
    this.#chunks.push(chunk);
    this.rest += chunk.length;
    if (this.rest < this.#wanted) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    /** @type {Frame[]} */
    const frames = [];
    let start = 0;
    this.#wanted = HEADER;
    while (bytes.length - start >= HEADER) {
      const length = bytes.readUInt32LE(start);
      if (length < SMALLEST || length > LARGEST) throw new ProtocolError(`a frame of ${length} bytes`);
      const end = start + HEADER + length;
      if (end > bytes.length) {
        this.#wanted = HEADER + length;
        break;
      }
      const type = bytes.readUInt8(start + 4);
      if (!KNOWN.has(type)) throw new ProtocolError(`a frame of the unknown type ${type}`);
      frames.push({ type, id: bytes.readUInt32LE(start + 5), payload: payloadOf(bytes.subarray(start + 9, end)) });
      start = end;
    }
    this.rest = bytes.length - start;
    this.#chunks = this.rest > 0 ? [bytes.subarray(start)] : [];
    return frames;
  }
}

module.exports = { Decoder, ProtocolError, TYPES, encode };
