'use strict';
/** Two streams: each reads what is written to the other, and has as much of a socket as an HTTP client asks for. */

const { Duplex } = require('stream');

class Side extends Duplex {
  /** @type {Side | null} */
  other = null;
  /** @type {(() => void) | null} */
  #taken = null;
  remoteAddress = '127.0.0.1';
  remotePort = 0;
  authorized = true;

  _read() {
    const taken = this.#taken;
    this.#taken = null;
    if (taken !== null) taken();
  }

  /**
   * @param {Buffer} chunk
   * @param {string} _encoding
   * @param {(error?: Error) => void} done
   */
  _write(chunk, _encoding, done) {
    this.other?.take(chunk, done);
  }

  /** @param {(error?: Error) => void} done */
  _final(done) {
    this.other?.take(null, done);
  }

  /**
   * @param {Error | null} error
   * @param {(error: Error | null) => void} done
   */
  _destroy(error, done) {
    const { other } = this;
    // What was written before is read before.
    if (other !== null && !other.destroyed) setImmediate(() => other.destroy());
    done(error);
  }

  /**
   * @param {Buffer | null} chunk
   * @param {() => void} done
   */
  take(chunk, done) {
    if (this.destroyed) return done();
    if (this.push(chunk) || chunk === null) setImmediate(done);
    else this.#taken = done;
    return undefined;
  }

  setTimeout() {
    return this;
  }

  setNoDelay() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }
}

/**
 * @param {{encrypted: boolean}} about
 * @returns {[Side, Side]}
 */
function streamPair({ encrypted }) {
  const client = Object.assign(new Side(), { encrypted });
  const server = new Side();
  client.other = server;
  server.other = client;
  return [client, server];
}

module.exports = { streamPair };
