'use strict';
/**
 * An executor: the process that runs user code. Started by the host, it connects to the dispatcher, loads the
 * functions once it has the variables, and answers calls. It wires the parts together; what they do stands in their
 * own files.
 */

const { Calls } = require('./calls');
const { capture } = require('./console');
const { followHost, tell } = require('./control');
const { copier } = require('./copies');
const { installErrors } = require('./errors');
const { failure, stackOf } = require('./failure');
const { TYPES } = require('./frames');
const { guard } = require('./guards');
const { Lines } = require('./lines');
const { Link } = require('./link');
const { LoadError, load } = require('./loader');
const { Mask } = require('./mask');
const { exit, isArray, setImmediate, textOf, write } = require('./own');
const { Progress } = require('./progress');
const { executorSettings } = require('./settings');

/** Exit code of an executor that could not load its functions. */
const LOAD_FAILED = 65;
/** Exit code of an executor whose own means are gone, such as a descriptor or a built-in that user code has broken. */
const BROKEN = 70;

const settings = executorSettings(process.env);
for (const name of Object.keys(process.env)) if (name.startsWith('XKIT_')) delete process.env[name];

const mask = new Mask();
const lines = new Lines(write, mask);
const progress = new Progress(settings.progress);
/** @type {'waiting' | 'loading' | 'ready'} */
let state = 'waiting';
/** The dispatcher of this connection has not heard yet that the functions are loaded. */
let unannounced = true;
let faulted = false;
let draining = false;

/** The host starts another one, which is better than one that hangs. */
const giveUp = () => exit(BROKEN);

const calls = new Calls({
  answer: (id, text) => link.send(TYPES.result, id, text),
  onBroken: giveUp,
  onStart(id) {
    try {
      progress.started(id);
    } catch {
      giveUp();
    }
  },
  onSettled(owner) {
    // A turn later, for Node tells only then that a rejection was handled after all.
    if (owner.rejections !== null) setImmediate(() => reportRejections(owner));
    if (draining) leaveWhenIdle();
  },
  lines,
  mask,
});

const link = new Link({
  path: settings.socket,
  hello: { role: 'executor', executor: settings.name, pid: process.pid, progress: settings.progress },
  onFrame(frame) {
    try {
      receive(frame);
    } catch {
      giveUp();
    }
  },
  onDown() {
    unannounced = true;
    calls.abandon();
    if (faulted || draining) exit(0);
  },
});

/** @param {import('./frames').Frame} frame */
function receive({ type, id, payload }) {
  switch (type) {
    case TYPES.configure:
      return configure(payload);
    case TYPES.invoke:
      return invoke(id, payload);
    case TYPES.abort:
      return calls.abort(id);
    case TYPES.ping:
      return link.send(TYPES.pong, id);
    case TYPES.drain:
      draining = true;
      tell({ state: 'draining' });
      return leaveWhenIdle();
    default:
      return undefined;
  }
}

/**
 * @param {number} id of the first call
 * @param {any} payload one call or many
 */
function invoke(id, payload) {
  if (!isArray(payload)) return calls.start(id, payload);
  for (let index = 0; index < payload.length; index += 1) calls.start((id + index) >>> 0, payload[index]);
}

/** @param {{variables: Record<string, unknown>, secrets: string[]}} configuration */
function configure({ variables, secrets }) {
  mask.learn(secrets.map((name) => variables[name]));
  calls.variables = copier(variables);
  if (state === 'waiting') start().catch(giveUp);
  else if (state === 'ready') announce();
}

async function start() {
  state = 'loading';
  try {
    calls.functions = await load(settings.functions, (operation) => tell({ state: 'loading', operation }));
  } catch (error) {
    return refuse(error instanceof LoadError ? error : new LoadError('', stackOf(error)));
  }
  state = 'ready';
  tell({ state: 'ready' });
  announce();
}

function announce() {
  if (!unannounced) return;
  unannounced = false;
  let names = '';
  calls.functions.forEach((_run, operation) => {
    names += names === '' ? `"${operation}"` : `,"${operation}"`;
  });
  link.send(TYPES.ready, 0, `{"operations":[${names}]}`);
}

/** @param {LoadError} error */
function refuse(error) {
  const { operation } = error;
  const { message } = failure(error, mask);
  lines.report('error', `the ${operation} function cannot be loaded: ${message}`);
  link.send(TYPES.loadFailed, 0, textOf({ operation, code: 'FunctionLoadFailed', message }));
  link.end(() => {
    tell({ state: 'load-failed', operation, message });
    exit(LOAD_FAILED);
  });
}

/** @type {import('./guards').OnFault} */
function fault(thrown, owner) {
  faulted = true;
  lines.report('error', `nobody awaited this error: ${stackOf(thrown)}`, owner);
  const requestId = owner === undefined ? null : owner.requestId;
  link.send(TYPES.fault, 0, textOf({ message: failure(thrown, mask).message, requestId }));
}

/** @param {import('./context').Owner} owner */
function reportRejections(owner) {
  for (const reason of owner.rejections?.values() || []) fault(reason, owner);
  owner.rejections = null;
}

function leaveWhenIdle() {
  if (calls.open === 0) link.end(() => exit(0));
}

followHost();
installErrors();
guard(fault, lines);
capture(lines);
link.connect();
