// Built-ins: user code may replace or patch what the whole process shares. The runner took its own beforehand, so that
// records are answered, lines are printed and secrets stay hidden all the same.
import assert from 'node:assert/strict';
import test from 'node:test';
import { TYPES, readyExecutor } from './support/app.mjs';
import { REQUEST } from './support/dispatcher.mjs';

const CONFIGURATION = { variables: { key: 'a"secret/ä' }, secrets: ['key'] };

/** Breaks all methods of a prototype or a namespace, except those named. */
const broken = (target, ...kept) => `for (const name of Object.getOwnPropertyNames(${target})) {
    const { value, writable } = Object.getOwnPropertyDescriptor(${target}, name);
    if (typeof value !== 'function' || !writable) continue;
    if (${JSON.stringify(['constructor', ...kept])}.includes(name)) continue;
    ${target}[name] = function () { throw new TypeError('broken by user code: ' + name); };
  }`;

const absent = (target, names) => `for (const name of ${JSON.stringify(names)}) ${target}[name] = undefined;`;

const TRAPS = `for (const name of ['outcome', 'code', 'level', 'record', 'operation', 'result']) {
    const set = () => { throw new Error('a trap'); };
    Object.defineProperty(Object.prototype, name, { configurable: true, set, get() {} });
  }`;

const PATCHES = {
  JSON: broken('JSON'),
  Math: broken('Math'),
  Reflect: broken('Reflect'),
  'Map.prototype': broken('Map.prototype'),
  Promise: broken('Promise'),
  'Promise.prototype': broken('Promise.prototype'),
  Date: broken('Date'),
  'Date.prototype': broken('Date.prototype'),
  Number: broken('Number'),
  'RegExp.prototype': broken('RegExp.prototype', 'exec', 'test'),
  'RegExp.prototype.exec': 'RegExp.prototype.exec = () => null; RegExp.prototype.test = () => false;',
  'String.prototype.replace': "String.prototype.replace = function () { return 'x'; };",
  'AbortController.prototype': broken('AbortController.prototype'),
  console: broken('console'),
  'console, by none': absent('globalThis', ['console']),
  util: broken("require('util')"),
  'the time': "globalThis.Date = class { static now() { return NaN; } toISOString() { return 'x'; } };",
  timers: absent('globalThis', ['setTimeout', 'setImmediate', 'clearTimeout', 'queueMicrotask']),
  globals: absent('globalThis', ['Promise', 'Map', 'RegExp', 'AbortController', 'Reflect', 'Date', 'JSON', 'Number']),
  'Array.prototype': absent('Array.prototype', ['find', 'filter', 'forEach', 'includes', 'flat', 'entries', 'keys']),
  'iterators of maps': 'Object.getPrototypeOf(new Map().values()).next = () => ({ done: true });',
  'toJSON of all objects': "Object.prototype.toJSON = () => ({ changed: true });",
  'toJSON of arrays': "Array.prototype.toJSON = () => 'changed';",
  'setters of all objects': TRAPS,
  'members of all objects': 'Object.assign(Object.prototype, { message: 1, warning: 1, secrets: 1 });',
  'process.stdout.write': "process.stdout.write = () => { throw new Error('broken'); };",
  'process.stdout by its end': 'process.stdout.end(); process.stdout.destroy();',
};

const FUNCTION = `;module.exports = async ({ variables, inputs }) => {
    if (inputs.way === 'throw') throw new TypeError('not ' + variables.key);
    if (inputs.way === 'never') return new Pledge(() => {});
    if (inputs.way === 'print') print('key', variables.key);
    return { key: variables.key };
  };`;
const BEFORE = 'const Pledge = Promise; const print = console.log;';

for (const [name, patch] of Object.entries(PATCHES)) {
  test(`user code that replaces ${name} changes no answer, and hides no line but its own`, async (t) => {
    const executor = await readyExecutor(t, { upsert: { cjs: `${BEFORE}${patch}${FUNCTION}` } }, CONFIGURATION);
    const { peer } = executor;
    const call = (way) => peer.call({ inputs: { way } });
    const result = name === 'toJSON of all objects' ? { changed: true } : { key: '***' };
    assert.deepEqual(await call('echo'), { outcome: 'succeeded', result });
    assert.deepEqual(await call('throw'), { outcome: 'failed', code: 'FunctionError', message: 'not ***' });
    if (!['util', 'String.prototype.replace'].includes(name)) await call('print');
    peer.send(TYPES.abort, peer.invoke({ inputs: { way: 'never' } }));
    peer.send(TYPES.ping, 9);
    await peer.until(TYPES.pong);
    const lines = await executor.finish();
    assert.deepEqual(await executor.ended, { code: 0, signal: null });
    assert.match(lines[0].message, /^TypeError: not \*\*\*\n/);
    assert.ok(lines.every(({ record, time }) => record === 'r1' && Date.parse(time) > 0), executor.output);
    assert.equal(executor.output.includes('secret'), false);
  });
}

// What Node itself needs to speak to the socket cannot be replaced by ours.
for (const [name, patch] of Object.entries({
  'Buffer.prototype': broken('Buffer.prototype'),
  'Set.prototype': broken('Set.prototype'),
})) {
  test(`user code that ruins ${name} ends its executor, or is told of, so that it is replaced`, async (t) => {
    const cjs = `module.exports = async ({ inputs }) => { if (inputs.ruin) { ${patch} } return 1; };`;
    const executor = await readyExecutor(t, { upsert: { cjs } });
    const { peer } = executor;
    // In one frame: one that comes after the ruin may be told of in the log.
    peer.send(TYPES.invoke, 100, [{ ruin: true }, {}].map((inputs) => ({ ...REQUEST, inputs })));
    await Promise.race([peer.result(101), executor.ended, peer.until(TYPES.fault)]);
    assert.equal(executor.output, '');
  });
}
