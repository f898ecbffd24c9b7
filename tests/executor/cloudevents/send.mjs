/** Sends the event on standard input by the official SDK, in the mode of the second argument, and prints the answer. */
import { readFileSync } from 'node:fs';
import { CloudEvent, HTTP } from 'cloudevents';

const [url, mode] = process.argv.slice(2);
const given = JSON.parse(readFileSync(0, 'utf8'));
const messages = {
  binary: () => HTTP.binary(new CloudEvent(given)),
  structured: () => HTTP.structured(new CloudEvent(given)),
  batch: () => ({ // the SDK reads batches, but writes none
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(given.map((one) => new CloudEvent(one))),
  }),
};
const response = await fetch(url, { method: 'POST', ...messages[mode]() });
console.log(JSON.stringify([response.status, await response.json()]));
