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
    cjs: `globalThis.require = require; const AsyncFunction = (async () => {}).constructor;
      module.exports = (call) => new AsyncFunction('variables', call.inputs.body)(call.variables);`,
  },
};

/** What is left of the key by any rule, in small letters. */
const TRACES = ['ss w', 'ss+w', 'ss%20w', 'ord&', 'ord%26', 'miiepaib', PIN];
const shows = (text) => TRACES.some((trace) => text.toLowerCase().includes(trace));

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
  ['as inspect escapes it',
    "console.log({ deep: [variables.key] }, [variables.pem]); throw { reason: variables.key };"],
  ['as JSON within JSON', "return JSON.stringify({ data: JSON.stringify({ key: variables.key }) });"],
  ['as JSON that is inspected', "console.log({ data: JSON.stringify({ key: variables.key }) });"],
  ['as ASCII', "return variables.key.replace('ä', '\\\\u00e4');"],
  ['URL-encoded by all rules', `const query = '?' + variables.key; const path = 'https://a.example/' + variables.key;
    const { escape, stringify } = require('querystring'); const url = new URL(path); url.password = variables.key;
    return [encodeURI(path), new URL('https://a.example' + query).href, url.href, stringify({ a: variables.key }),
      escape(variables.key).toLowerCase(), new URLSearchParams({ a: variables.key }).toString(),
      require('axios').getUri({ url: '/', params: { a: variables.key } })];`],
  ['line by line, trimmed', "return variables.pem.split('\\n').map((line) => line.trim());"],
  ['through the end of stdout', "process.stdout.end(variables.key); console._stdout.write(variables.pin + '\\n');"],
  ['as a warning of Node', 'process.emitWarning(variables.key);'],
  ['as an error that is skipped', 'throw new EventNotSupported(variables.key);'],
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

/** Characters that look like chance, the same in each run. */
function jumble(alphabet, length) {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return alphabet[state % alphabet.length];
  }).join('');
}

for (const [name, value] of [
  ['in one line', jumble('abcdefghijklmnopqrstuvwxyz0123456789+/', 100_000)],
  ['in many lines', Array.from({ length: 2000 }, (_, index) => `line/${index}+${'x'.repeat(40)}=`).join('\n')],
  ['that has quotes all over', jumble('"\\/%', 15_000)],
]) {
  test(`a secret of 100 kB ${name} is masked like any other`, async (t) => {
    const { peer } = await readyExecutor(t, RUN, { variables: { key: value }, secrets: ['key'] });
    const body = "return [variables.key, 'x' + variables.key + 'y', JSON.stringify(variables.key)];";
    const { result } = await peer.call({ inputs: { body } });
    for (const text of result) assert.match(text, /^"?x?(?:\*\*\*\n?)+y?"?$/);
  });
}

test('looking for a secret takes no longer in a text that is made to be slow', async (t) => {
  const { peer } = await readyExecutor(t, RUN, CONFIGURATION);
  const body = "return ['\\\\', '%', 'pä', 'p\\\\'].map((text) => text.repeat(1e6 / 4 / text.length));";
  const start = Date.now();
  assert.equal((await peer.call({ inputs: { body } })).outcome, 'succeeded');
  assert.ok(Date.now() - start < 15_000, `${Date.now() - start} ms`);
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
