'use strict';
// The measure of all: Node's own HTTP server, which parses a record and answers. PORT is its one setting.
const http = require('http');

http
  .createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { record } = JSON.parse(Buffer.concat(chunks).toString());
      const body = JSON.stringify({ ok: true, id: record.id });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
