// The dispatcher's end of the socket, as small as tests need it: listens, configures each executor, sends what a test
// says and remembers every frame. Speaks through the product's own frames, which the vectors hold to the protocol.
import { EventEmitter } from 'node:events';
import net from 'node:net';
import frames from '../../frames.js';

const { Decoder, TYPES, encode } = frames;
const PATIENCE = 60_000;

export const REQUEST = {
  operation: 'upsert',
  inputs: {},
  context: {},
  connection: {},
  source: { slug: 'hubspot' },
  meta: { id: 'r1', operation: 'upsert', attempt: 1, time: null, key: null },
  timeoutMs: 30_000,
};

export class Peer {
  /** @type {string | undefined} the executor's name; none for the host */
  name;
  role = '';
  closed = false;

  constructor(dispatcher, socket) {
    this.dispatcher = dispatcher;
    this.socket = socket;
  }

  send(type, id = 0, payload = undefined) {
    this.socket.write(encode(type, id, payload === undefined ? '' : JSON.stringify(payload)));
  }

  /** Sends one call and gives the payload of its result. */
  async call(request = {}) {
    const id = this.invoke(request);
    return this.result(id);
  }

  invoke(request = {}) {
    const id = this.dispatcher.nextId();
    this.send(TYPES.invoke, id, { ...REQUEST, ...request });
    return id;
  }

  async result(id) {
    const frame = await this.until(TYPES.result, (seen) => seen.id === id);
    return frame.payload;
  }

  until(type, matches = () => true) {
    return this.dispatcher.until(type, (frame) => frame.peer === this && matches(frame));
  }

  async close() {
    if (this.closed) return;
    await this.dispatcher.eventually(() => this.closed, `${this.name || 'host'} hangs up`);
  }
}

export class Dispatcher {
  peers = [];
  seen = [];
  #changes = new EventEmitter().setMaxListeners(0);
  #ids = 0;

  constructor(path, configuration) {
    this.path = path;
    this.configuration = configuration;
    this.server = net.createServer((socket) => this.#accept(socket));
  }

  listen() {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(this.path, resolve);
    });
  }

  /** Hangs up on everybody. */
  async stop() {
    for (const peer of this.peers) peer.socket.destroy();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  nextId() {
    this.#ids += 1;
    return this.#ids;
  }

  /** The first frame of that kind, from the past or to come. */
  async until(type, matches = () => true) {
    const find = () => this.seen.find((frame) => frame.type === type && matches(frame));
    const name = Object.keys(TYPES).find((key) => TYPES[key] === type);
    return this.eventually(find, `a frame ${name}`);
  }

  async ready(name) {
    const frame = await this.until(TYPES.ready, ({ peer }) => name === undefined || peer.name === name);
    return frame.peer;
  }

  async host() {
    const frame = await this.until(TYPES.hello, ({ peer }) => peer.role === 'host');
    return frame.peer;
  }

  /** Waits until `probe` gives something; looks again whenever a frame or the end of a connection arrives. */
  eventually(probe, what) {
    const found = probe();
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const look = () => {
        const value = probe();
        if (!value) return;
        clearTimeout(late);
        this.#changes.off('change', look);
        resolve(value);
      };
      const late = setTimeout(() => {
        this.#changes.off('change', look);
        reject(new Error(`waited ${PATIENCE} ms in vain: ${what}; seen: ${JSON.stringify(this.seen.map(brief))}`));
      }, PATIENCE).unref(); // what nobody waits for any more keeps no process
      this.#changes.on('change', look);
    });
  }

  #accept(socket) {
    const peer = new Peer(this, socket);
    const decoder = new Decoder();
    this.peers.push(peer);
    socket.on('data', (chunk) => {
      for (const frame of decoder.push(chunk)) this.#hear(peer, frame);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      peer.closed = true;
      this.#changes.emit('change');
    });
  }

  #hear(peer, frame) {
    if (frame.type === TYPES.hello) {
      peer.role = frame.payload.role;
      peer.name = frame.payload.executor;
      peer.pid = frame.payload.pid;
      peer.progress = frame.payload.progress;
      if (peer.role === 'executor') peer.send(TYPES.configure, 0, this.configuration);
    }
    this.seen.push({ ...frame, peer });
    this.#changes.emit('change');
  }
}

const brief = ({ type, id, payload, peer }) => [peer.name || peer.role, type, id, payload];
