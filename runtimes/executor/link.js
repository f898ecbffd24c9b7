'use strict';
/**
 * The connection to the dispatcher, for the host and for each executor: connects as soon as the socket exists and
 * again whenever it is lost, says hello, hands on frames, and writes the frames of one event-loop turn together.
 */

const net = require('net');
const { Decoder, ProtocolError, TYPES, encode } = require('./frames');
const { setImmediate, setTimeout, textOf } = require('./own');

const FIRST_RETRY = 20;
const LAST_RETRY = 500;
/** Small, since a Pod is ready only when the executor has met the dispatcher: what is waited in vain is a fifth. */
const GROWTH = 1.2;

/**
 * @typedef {object} LinkOptions
 * @property {string} path
 * @property {object} hello
 * @property {(frame: import('./frames').Frame) => void} onFrame
 * @property {() => void} onDown called when an established connection has ended
 */

class Link {
  #options;
  /** @type {net.Socket | null} */
  #socket = null;
  /** @type {Buffer[]} */
  #waiting = [];
  #retry = FIRST_RETRY;
  #ending = false;

  /** @param {LinkOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get up() {
    return this.#socket !== null;
  }

  connect() {
    const { path, hello, onDown } = this.#options;
    const socket = net.connect(path);
    const decoder = new Decoder();
    socket.on('connect', () => {
      this.#socket = socket;
      this.#retry = FIRST_RETRY;
      this.send(TYPES.hello, 0, textOf({ protocol: 1, ...hello }));
    });
    socket.on('data', (chunk) => this.#receive(socket, decoder, chunk));
    // 'close' follows and does what is to be done.
    socket.on('error', () => {});
    socket.on('close', () => {
      const wasUp = this.#socket === socket;
      if (wasUp) {
        this.#socket = null;
        this.#waiting = [];
        onDown();
      }
      if (this.#ending) return;
      setTimeout(() => this.connect(), this.#retry);
      this.#retry = Math.min(this.#retry * GROWTH, LAST_RETRY);
    });
  }

  /**
   * Without a connection the frame is dropped: nobody waits for it.
   * @param {number} type
   * @param {number} id
   * @param {string} [text]
   */
  send(type, id, text) {
    if (this.#socket === null) return;
    if (this.#waiting.push(encode(type, id, text)) === 1) setImmediate(() => this.#flush());
  }

  /**
   * Writes what waits, closes, and calls back once all of it has left this process.
   * @param {() => void} done
   */
  end(done) {
    this.#ending = true;
    const socket = this.#socket;
    if (socket === null) return done();
    this.#flush();
    socket.end(done);
  }

  #flush() {
    const frames = this.#waiting;
    this.#waiting = [];
    if (this.#socket !== null && frames.length > 0) {
      this.#socket.write(frames.length === 1 ? /** @type {Buffer} */ (frames[0]) : Buffer.concat(frames));
    }
  }

  /**
   * @param {net.Socket} socket
   * @param {Decoder} decoder
   * @param {Buffer} chunk
   */
  #receive(socket, decoder, chunk) {
    let frames;
    try {
      frames = decoder.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      socket.destroy();
      return;
    }
    for (const frame of frames) this.#options.onFrame(frame);
  }
}

module.exports = { Link };
