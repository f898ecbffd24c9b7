// Errors: what each kind of throw means for its record, and that its neighbours never notice.
import assert from 'node:assert/strict';
import test from 'node:test';
import { TYPES, readyExecutor } from './support/app.mjs';
import { REQUEST } from './support/dispatcher.mjs';

/** The function's body is an input: one executor serves the whole table. */
const BODY = {
  upsert: {
    cjs: `globalThis.require = require; const AsyncFunction = (async () => {}).constructor;
      module.exports = ({ inputs }) => (inputs.sync ? new Function(inputs.body)() : new AsyncFunction(inputs.body)());`,
  },
};

const failed = (code, message, more = {}) => ({ outcome: 'failed', code, message, ...more });
const rejected = (code, message, more = {}) => ({ outcome: 'rejected', code, message, ...more });
const thrown = (properties) => `throw Object.assign(new Error('no'), ${JSON.stringify(properties)});`;

const CASES = [
  ['an error', "throw new TypeError('no');", failed('FunctionError', 'no')],
  ['null', 'throw null;', failed('FunctionError', 'the function threw null')],
  ['undefined', 'throw undefined;', failed('FunctionError', 'the function threw undefined')],
  ['a text', "throw 'no';", failed('FunctionError', 'no')],
  ['an object', 'throw { reason: 1 };', failed('FunctionError', 'the function threw { reason: 1 }')],
  ['an error without message', 'throw new RangeError();', failed('FunctionError', 'RangeError')],
  ['a proxy that throws', 'throw new Proxy({}, { get() { throw 1; } });',
    failed('FunctionError', 'the function threw {}')],
  ['an object that cannot even be shown',
    "throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no'); } };",
    failed('FunctionError', 'the function threw something that cannot be read')],
  ['a proxy whose chain of classes has no end',
    'const endless = new Proxy({}, { getPrototypeOf: () => endless }); throw endless;',
    failed('FunctionError', 'the function threw something that cannot be read')],
  ['an error with getters that throw', `const bad = new ValidationError('no');
    for (const name of ['response', 'headers', 'status', 'retryAfter', 'stack']) {
      Object.defineProperty(bad, name, { get() { throw new Error('hidden'); } });
    } throw bad;`, rejected('ValidationError', 'no')],
  ['a frozen error', "throw Object.freeze(Object.assign(new Error('no'), { status: 404 }));",
    rejected('TargetRefused', 'no', { targetStatus: 404 })],
  ['an empty text', "throw '';", failed('FunctionError', "the function threw ''")],
  ['an error whose message is no text', "throw Object.assign(new Error(), { message: { a: 1 } });",
    failed('FunctionError', 'Error')],
  ['a symbol', "throw Symbol('no');", failed('FunctionError', 'the function threw Symbol(no)')],
  ['a function', 'throw function later() {};', failed('FunctionError', 'the function threw [Function: later]')],
  ["core-js' AggregateError", `const AggregateError = require('core-js/actual/aggregate-error');
    throw new AggregateError([new Error('a')], 'no');`, failed('FunctionError', 'no')],
  ['an object without prototype', 'throw Object.create(null);',
    failed('FunctionError', 'the function threw [Object: null prototype] {}')],
  ['endless recursion', 'const f = () => f(); f();', failed('FunctionError', 'Maximum call stack size exceeded')],
  ['the global ValidationError', "throw new ValidationError('bad mail');", rejected('ValidationError', 'bad mail')],
  ['a class named ValidationError', "class ValidationError extends Error {} throw new ValidationError('no');",
    rejected('ValidationError', 'no')],
  ['a subclass of it',
    "class Mine extends ValidationError {} throw new Mine('no');", rejected('ValidationError', 'no')],
  ['an object named so',
    "throw { name: 'InvalidEventPayload', message: 'no' };", rejected('InvalidEventPayload', 'no')],
  ['InvalidEventPayload', "throw new InvalidEventPayload('no');", rejected('InvalidEventPayload', 'no')],
  ['EventNotSupported', "throw new EventNotSupported('not for us');", { outcome: 'skipped', message: 'not for us' }],
  ['RetryError', "throw new RetryError('later');", failed('RetryError', 'later')],
  ['RetryError with a time', "throw Object.assign(new RetryError('later'), { retryAfter: 2.5 });",
    failed('RetryError', 'later', { retryAfter: 3 })],
  ['a name before a status', "throw Object.assign(new ValidationError('no'), { status: 503 });",
    rejected('ValidationError', 'no')],
  ...[401, 403, 408, 409, 423, 425, 429, 500, 503, 599].map((status) => [
    `status ${status}`, thrown({ status }), failed('TargetFailed', 'no', { targetStatus: status }),
  ]),
  ...[400, 402, 404, 410, 422].map((status) => [
    `status ${status}`, thrown({ response: { status } }), rejected('TargetRefused', 'no', { targetStatus: status }),
  ]),
  ['statusCode', thrown({ statusCode: 404 }), rejected('TargetRefused', 'no', { targetStatus: 404 })],
  ['a status that is none', thrown({ status: 'active' }), failed('FunctionError', 'no')],
  ['a status of success', thrown({ status: 200 }), failed('FunctionError', 'no')],
  ['Retry-After in seconds', thrown({ response: { status: 429, headers: { 'retry-after': '30' } } }),
    failed('TargetFailed', 'no', { targetStatus: 429, retryAfter: 30 })],
  ['Retry-After of years', thrown({ response: { status: 429, headers: { 'retry-after': '99999999' } } }),
    failed('TargetFailed', 'no', { targetStatus: 429, retryAfter: 86400 })],
  ...[['-5', undefined], ['1e9', undefined], ['Infinity', undefined], ['NaN', undefined], ['0x10', undefined],
    ['2.5', 3], [' 7 ', 7], ['9'.repeat(400), 86400], [12, 12], [null, undefined], [['1', '2'], undefined],
    ['2015', 2015], ['Mon, soon', undefined], ['Friday, 31-Dec-99 23:59:59 GMT', 0], ['Sun Nov  6 08:49:37 1994', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86400],
  ].map(([value, seconds]) => [
    `Retry-After: ${String(value).slice(0, 40)}`,
    thrown({ response: { status: 429, headers: { 'retry-after': value } } }),
    failed('TargetFailed', 'no', { targetStatus: 429, ...(seconds === undefined ? {} : { retryAfter: seconds }) }),
  ]),
  ...[['-1', 0], ['Infinity', 86400], ['1e300', 86400], ['NaN', undefined], ["'30'", 30], ["'soon'", undefined],
    ['0', 0], ['{}', undefined], ['1n', undefined],
  ].map(([value, seconds]) => [
    `err.retryAfter = ${value}`, `throw Object.assign(new RetryError('no'), { retryAfter: ${value} });`,
    failed('RetryError', 'no', seconds === undefined ? {} : { retryAfter: seconds }),
  ]),
  ['Retry-After in capitals', thrown({ response: { status: 503, headers: { 'Retry-After': '5' } } }),
    failed('TargetFailed', 'no', { targetStatus: 503, retryAfter: 5 })],
  ['a terminal status, which nobody should try again', thrown({ status: 404, headers: { 'retry-after': '5' } }),
    rejected('TargetRefused', 'no', { targetStatus: 404 })],
  ['Retry-After in the past',
    thrown({ response: { status: 503, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } } }),
    failed('TargetFailed', 'no', { targetStatus: 503, retryAfter: 0 })],
  ['Retry-After that is neither', thrown({ response: { status: 503, headers: { 'retry-after': 'soon' } } }),
    failed('TargetFailed', 'no', { targetStatus: 503 })],
  ['Retry-After of fetch',
    "throw Object.assign(new Error('no'), { status: 429, headers: new Map([['retry-after', '7']]) });",
    failed('TargetFailed', 'no', { targetStatus: 429, retryAfter: 7 })],
];

test('what is thrown decides the outcome', async (t) => {
  const { peer } = await readyExecutor(t, BODY);
  for (const [name, body, expected] of CASES) {
    for (const sync of [false, true]) {
      await t.test(`${name}${sync ? ', thrown synchronously' : ''}`, async () => {
        assert.deepEqual(await peer.call({ inputs: { body, sync } }), expected);
      });
    }
  }
});

/** A system that answers as its path says: /503?30 is status 503 with Retry-After: 30. */
const TARGET = `const http = require('http');
  const server = http.createServer((request, response) => {
    const [, status, after] = /(\\d+)\\??(.*)/.exec(request.url);
    response.writeHead(Number(status), after ? { 'Retry-After': after } : {});
    if (status !== '100') response.end('{"error":"' + request.headers.authorization + '"}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = 'http://127.0.0.1:' + server.address().port;
  const headers = { authorization: 'Bearer top-secret' };`;

for (const [name, body, expected] of [
  ['axios, refused for a while', "await require('axios').put(url + '/429?30', { a: 1 }, { headers });",
    failed('TargetFailed', 'Request failed with status code 429', { targetStatus: 429, retryAfter: 30 })],
  ['axios, refused', "await require('axios').get(url + '/404', { headers });",
    rejected('TargetRefused', 'Request failed with status code 404', { targetStatus: 404 })],
  ['axios, nobody there', "await require('axios').get('http://127.0.0.1:1/', { headers });",
    failed('FunctionError', 'connect ECONNREFUSED 127.0.0.1:1')],
  ["axios' response, thrown", "throw (await require('axios').get(url + '/503', { headers, validateStatus: null }));",
    failed('TargetFailed', /^the function threw /, { targetStatus: 503 })],
  ["node-fetch's response, thrown", "throw (await require('node-fetch')(url + '/503?7', { headers }));",
    failed('TargetFailed', /^the function threw /, { targetStatus: 503, retryAfter: 7 })],
  ["node-fetch's FetchError", "await require('node-fetch')('http://127.0.0.1:1/', { headers });",
    failed('FunctionError', /ECONNREFUSED/)],
  ["node-fetch's AbortError", `const stop = new AbortController(); stop.abort();
    await require('node-fetch')(url + '/200', { signal: stop.signal });`,
    failed('FunctionError', 'The operation was aborted.')],
]) {
  test(`real errors: ${name}; the header with the key shows nowhere`, async (t) => {
    const configuration = { variables: { key: 'top-secret' }, secrets: ['key'] };
    const executor = await readyExecutor(t, BODY, configuration);
    const shown = 'catch (error) { console.error(error); throw error; }';
    const whole = `${TARGET} try { ${body} } ${shown} finally { server.close(); }`;
    const answer = await executor.peer.call({ inputs: { body: whole } });
    if (expected.message instanceof RegExp) {
      assert.match(answer.message, expected.message);
      expected.message = answer.message;
    }
    assert.deepEqual(answer, expected);
    await executor.finish();
    assert.equal((JSON.stringify(answer) + executor.output + executor.errors).includes('top-secret'), false);
  });
}

test('a long message is cut to 4 KiB and carries no stack', async (t) => {
  const { peer } = await readyExecutor(t, BODY);
  const { message } = await peer.call({ inputs: { body: "throw new Error('ä'.repeat(5000));" } });
  assert.ok(Buffer.byteLength(message) <= 4096 && Buffer.byteLength(message) > 4090, message.length);
  assert.match(message, /^ä+…$/);
});

test('the stack is logged with the record', async (t) => {
  const executor = await readyExecutor(t, BODY);
  await executor.peer.call({ inputs: { body: "throw new Error('boom');" } });
  const [line] = await executor.finish();
  assert.deepEqual([line.level, line.record, line.operation, line.source], ['error', 'r1', 'upsert', 'hubspot']);
  assert.match(line.message, /^Error: boom\n {4}at /);
});

test('process.exit throws', async (t) => {
  const { peer } = await readyExecutor(t, BODY);
  const neighbour = peer.call({ inputs: { body: 'await new Promise((done) => setTimeout(done, 50)); return 1;' } });
  const answer = await peer.call({ inputs: { body: 'process.exit(0);' } });
  assert.deepEqual([answer.outcome, answer.code], ['failed', 'FunctionError']);
  assert.match(answer.message, /^process\.exit/);
  assert.equal((await neighbour).result, 1);
});

for (const [name, body] of [
  ['throws after its answer', "setTimeout(() => { throw new Error('late'); }, 5); return 'done';"],
  ['rejects after its answer', "setTimeout(async () => { throw new Error('late'); }, 5); return 'done';"],
  ['never awaits a rejection', "Promise.reject(new Error('late')); return 'done';"],
  ['emits an error that nobody hears', `const emitter = new (require('events'))();
    setImmediate(() => emitter.emit('error', new Error('late'))); return 'done';`],
]) {
  test(`a function that ${name} keeps its outcome, and the fault names its record`, async (t) => {
    const executor = await readyExecutor(t, BODY);
    executor.peer.send(TYPES.invoke, 77, { ...REQUEST, inputs: { body } });
    assert.deepEqual(await executor.peer.result(77), { outcome: 'succeeded', result: 'done' });
    assert.deepEqual((await executor.peer.until(TYPES.fault)).payload, { message: 'late', requestId: 77 });
    const [line] = await executor.finish();
    assert.match(line.message, /^nobody awaited this error: Error: late/);
  });
}

test('a rejection that is awaited in time is no fault', async (t) => {
  const { peer, dispatcher } = await readyExecutor(t, BODY);
  const body = `const later = Promise.reject(new Error('seen')); await new Promise((done) => setTimeout(done, 20));
    try { await later; } catch (error) { return error.message; }`;
  assert.equal((await peer.call({ inputs: { body } })).result, 'seen');
  await peer.call({ inputs: { body: 'return 1;' } });
  assert.equal(dispatcher.seen.some(({ type }) => type === TYPES.fault), false);
});
