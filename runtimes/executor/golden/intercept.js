'use strict';
/**
 * Preloaded into executors by `xkit test`, never part of an image: what functions send by http or https is answered as
 * the golden test says, and written down; nothing leaves the process. The client is Node's own, down to the parser,
 * and talks to a server in the same process through a pair of streams, so axios and node-fetch notice nothing.
 */

const fs = require('fs');
const http = require('http');
const https = require('https');
const Module = require('module');
const net = require('net');
const path = require('path');
const { storage } = require('../context');
const { streamPair } = require('./streams');
const { targetOf } = require('./target');

/** @typedef {{method: string, url: string, respond: {status: number, headers: Record<string, string>, body: string, error: boolean}}} Expected */
/** @typedef {{number: number, record: string, answers: Expected[], lenient: boolean}} Plan */

const folder = process.env.XKIT_GOLDEN || '';
const { request } = http;
/** Which answers of the plan with this number have been given. */
const given = { number: -1, served: new Set() };

/**
 * What the case that runs now expects: cases run one after the other.
 * @returns {Plan}
 */
const readPlan = () => JSON.parse(fs.readFileSync(path.join(folder, 'plan.json'), 'utf8'));

/**
 * @param {Plan} plan
 * @param {{method: string, url: string, record: string | null}} sent
 */
function choose({ number, record, answers }, sent) {
  if (sent.record !== record) return -1;
  if (given.number !== number) Object.assign(given, { number, served: new Set() });
  const { served } = given;
  const index = answers.findIndex((one, at) => !served.has(at) && one.method === sent.method && one.url === sent.url);
  if (index >= 0) served.add(index);
  return index;
}

const OK = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}', error: false };

const server = http.createServer((incoming, outgoing) => {
  const { url, record } = /** @type {any} */ (incoming.socket).about;
  /** @type {Buffer[]} */
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    const sent = { record, method: incoming.method || '', url };
    const plan = readPlan();
    const index = choose(plan, sent);
    const body = Buffer.concat(chunks).toString();
    const call = { ...sent, index: index < 0 ? null : index, headers: incoming.headers, body };
    fs.appendFileSync(path.join(folder, 'calls.jsonl'), `${JSON.stringify(call)}\n`);
    const answer = index >= 0 ? plan.answers[index]?.respond : plan.lenient ? OK : undefined;
    if (answer === undefined || answer.error) {
      incoming.socket.destroy();
      return;
    }
    const length = { 'content-length': Buffer.byteLength(answer.body) };
    outgoing.writeHead(answer.status, answer.status === 204 ? answer.headers : { ...answer.headers, ...length });
    outgoing.end(answer.body);
  });
});
server.timeout = 0;
server.keepAliveTimeout = 0;

/** @param {'http:' | 'https:'} protocol */
function intercepted(protocol) {
  return (/** @type {any[]} */ ...parts) => {
    const { options, callback, url } = targetOf(parts, protocol);
    const owner = storage.getStore();
    const about = { url, record: owner === undefined ? null : owner.record };
    const createConnection = () => {
      const [client, other] = streamPair({ encrypted: protocol === 'https:' });
      server.emit('connection', Object.assign(other, { about }));
      return client;
    };
    const ours = { protocol: 'http:', agent: undefined, socketPath: undefined, createConnection };
    const sent = request({ ...options, ...ours }, callback);
    return Object.assign(sent, { protocol });
  };
}

/** @param {ReturnType<typeof intercepted>} send */
const ending = (send) => (/** @type {any[]} */ ...parts) => {
  const sent = send(...parts);
  sent.end();
  return sent;
};

/** Sockets of this machine's file system are the executor's own; whatever else is opened would leave it. */
function forbidNetwork() {
  const { connect } = net.Socket.prototype;
  /** @type {any} */ (net.Socket.prototype).connect = function (/** @type {any[]} */ ...parts) {
    const [first] = parts;
    const options = Array.isArray(first) ? first[0] : first;
    const isLocal = typeof options === 'object' ? Boolean(options && options.path) : Number.isNaN(Number(options));
    if (isLocal) return connect.apply(this, /** @type {any} */ (parts));
    process.nextTick(() => this.destroy(new Error('a golden test sends nothing: only http and https are answered')));
    return this;
  };
}

if (folder !== '' && process.env.XKIT_EXECUTOR !== undefined) {
  for (const [module, protocol] of /** @type {const} */ ([[http, 'http:'], [https, 'https:']])) {
    const send = intercepted(protocol);
    Object.assign(module, { request: send, get: ending(send) });
  }
  forbidNetwork();
  /** @type {any} */ (Module).syncBuiltinESMExports();
}
