// A function image as a folder, and what runs in it: an executor alone, or a host with its executors, both by the Node
// binary of the runtime and linked to a Dispatcher. Everything ends with the test that started it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import child from '../../child.js';
import frames from '../../frames.js';
import { NODE, NODE_MODULES, PACKAGE_JSON } from './cache.mjs';
import { Dispatcher } from './dispatcher.mjs';

const EXECUTOR = fileURLToPath(new URL('../../', import.meta.url));
const MEMORY = 256 * 1024 * 1024;

export const { TYPES } = frames;

/** @typedef {{cjs: string} | {mjs: string}} Source */

/** @param {Record<string, Source>} functions by operation */
function makeApp(functions) {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'xkit-'));
  for (const name of ['executor', 'functions', 'run']) fs.mkdirSync(path.join(folder, name));
  for (const file of fs.readdirSync(EXECUTOR).filter((name) => name.endsWith('.js'))) {
    fs.copyFileSync(path.join(EXECUTOR, file), path.join(folder, 'executor', file));
  }
  fs.symlinkSync(NODE_MODULES, path.join(folder, 'node_modules'));
  fs.copyFileSync(PACKAGE_JSON, path.join(folder, 'package.json'));
  const manifest = { version: 1, functions: {} };
  for (const [operation, source] of Object.entries(functions)) {
    const [[extension, text]] = Object.entries(source);
    const file = `${operation}.${extension}`;
    manifest.functions[operation] = { file };
    fs.writeFileSync(path.join(folder, 'functions', file), text);
  }
  fs.writeFileSync(path.join(folder, 'functions', 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

class Running {
  output = '';
  errors = '';

  constructor(folder, dispatcher, running) {
    this.folder = folder;
    this.dispatcher = dispatcher;
    this.process = running;
    running.stdout.setEncoding('utf8').on('data', (text) => {
      this.output += text;
    });
    running.stderr.setEncoding('utf8').on('data', (text) => {
      this.errors += text;
    });
    this.ended = new Promise((resolve) => {
      running.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Drains the executor; gives all lines that it printed, each of which must be JSON. */
  async finish() {
    this.peer.send(TYPES.drain);
    await this.ended;
    return this.output.split('\n').slice(0, -1).map((line) => JSON.parse(line));
  }
}

function environment(folder, more) {
  return {
    PATH: '/nonexistent',
    XKIT_SOCKET: path.join(folder, 'run', 'dispatcher.sock'),
    XKIT_FUNCTIONS: path.join(folder, 'functions'),
    XKIT_TERMINATION_LOG: path.join(folder, 'termination-log'),
    XKIT_MEMORY_BYTES: String(MEMORY),
    ...more,
  };
}

async function start(t, functions, { variables = {}, secrets = [], script, flags, env, listen = true }) {
  const folder = makeApp(functions);
  const settings = environment(folder, env);
  const dispatcher = new Dispatcher(settings.XKIT_SOCKET, { variables, secrets });
  if (listen) await dispatcher.listen();
  const running = spawn(NODE, [...flags, path.join(folder, 'executor', script)], {
    cwd: folder,
    env: settings,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const started = new Running(folder, dispatcher, running);
  t.after(async () => {
    const groups = [running.pid, ...dispatcher.peers.map((peer) => peer.pid)].filter((pid) => pid !== undefined);
    for (const pid of groups) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    await started.ended; // and whoever else writes into its output
    if (dispatcher.server.listening) await dispatcher.stop();
    fs.rmSync(folder, { recursive: true });
  });
  return started;
}

/** One executor, not necessarily ready. */
export function startExecutor(t, functions, options = {}) {
  return start(t, functions, {
    ...options,
    script: 'executor.js',
    flags: child.flags({ memoryBytes: MEMORY }),
    env: { XKIT_EXECUTOR: 'e1', TZ: 'UTC', ...options.env },
  });
}

/** One executor that is ready; `peer` is its connection. */
export async function readyExecutor(t, functions, options = {}) {
  const executor = await startExecutor(t, functions, options);
  return Object.assign(executor, { peer: await executor.dispatcher.ready() });
}

/** A host with one serving executor and its standby. */
export function startHost(t, functions, options = {}) {
  return start(t, functions, { ...options, script: 'host.js', flags: [] });
}
