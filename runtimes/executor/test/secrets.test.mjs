// Secrets: their values appear in no result, no message and no line, whichever way they are written there.
import assert from 'node:assert/strict';
import test from 'node:test';
import { TYPES, readyExecutor, startExecutor } from './support/app.mjs';

const KEY = 'pä"ss w\\ord&1';
const PEM = '-----BEGIN KEY-----\nMIIEpAIB\nAAKCAQEA\n-----END KEY-----\n';
const PIN = '123456';
const CONFIGURATION = {
  variables: { key: KEY, pem: PEM, pin: PIN, short: 'abc', url: 'https://a.example' },
  secrets: ['key', 'pem', 'pin', 'short'],
};
const RUN = {
  upsert: {
    cjs: `const AsyncFunction = (async () => {}).constructor;
      module.exports = (call) => new AsyncFunction('variables', call.inputs.body)(call.variables);`,
  },
};

const shows = (text) => [KEY, JSON.stringify(KEY).slice(1, -1), encodeURIComponent(KEY), 'MIIEpAIB', PIN].some(
  (secret) => text.includes(secret),
);

for (const [name, body] of [
  ['as it is', 'return variables;'],
  ['inside a text', "return 'Bearer ' + variables.key + '!';"],
  ['as a key', 'return { [variables.key]: 1 };'],
  ['as a number', 'return [Number(variables.pin), Number(variables.pin) * 1000];'],
  ['URL-encoded', "return 'https://a.example/?key=' + encodeURIComponent(variables.key);"],
  ['as form data', 'return new URLSearchParams({ key: variables.pin }).toString();'],
  ['as JSON in a text', 'return JSON.stringify({ key: variables.key });'],
  ['line by line', "return variables.pem.split('\\n');"],
  ['in an error', "throw new Error('refused ' + variables.key + variables.pem);"],
  ['as a warning', 'return { toJSON() { throw new Error(variables.key); } };'],
  ['on the console', "console.log(variables.key, variables.pem, variables); console.error('x' + variables.pin);"],
  ['through stdout', "process.stdout.write(variables.key + '\\n');"],
]) {
  test(`a secret is masked: ${name}`, async (t) => {
    const executor = await readyExecutor(t, RUN, CONFIGURATION);
    const answer = await executor.peer.call({ inputs: { body } });
    assert.equal(shows(JSON.stringify(answer)), false, JSON.stringify(answer));
    await executor.finish();
    assert.equal(shows(executor.output + executor.errors), false, executor.output);
  });
}

test('what is no secret, or too short to be told from chance, is left as it is', async (t) => {
  const { peer } = await readyExecutor(t, RUN, CONFIGURATION);
  const { result } = await peer.call({ inputs: { body: 'return variables;' } });
  assert.deepEqual(result, { key: '***', pem: '***', pin: '***', short: 'abc', url: 'https://a.example' });
});

test('a value from before a rotation stays masked', async (t) => {
  const { peer } = await readyExecutor(t, RUN, CONFIGURATION);
  const body = 'globalThis.old = globalThis.old || variables.key; return [globalThis.old, variables.key];';
  await peer.call({ inputs: { body } });
  peer.send(TYPES.configure, 0, { variables: { key: 'another-secret' }, secrets: ['key'] });
  assert.deepEqual((await peer.call({ inputs: { body } })).result, ['***', '***']);
});

test('a function that fails to load with a secret in its message does not show it', async (t) => {
  const variables = { key: 'super-secret' };
  const source = "throw new Error('cannot use super-secret');";
  const executor = await startExecutor(t, { upsert: { cjs: source } }, { variables, secrets: ['key'] });
  assert.match((await executor.dispatcher.until(TYPES.loadFailed)).payload.message, /cannot use \*\*\*/);
  await executor.ended;
  assert.equal(executor.output.includes('super-secret'), false);
});

test('a fault does not show a secret', async (t) => {
  const executor = await readyExecutor(t, RUN, CONFIGURATION);
  await executor.peer.call({ inputs: { body: 'Promise.reject(new Error(variables.key));' } });
  assert.equal((await executor.peer.until(TYPES.fault)).payload.message, '***');
  assert.equal((await executor.finish()).length, 1);
  assert.equal(shows(executor.output), false);
});
