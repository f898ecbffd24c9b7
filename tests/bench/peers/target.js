'use strict';
// The system that a function calls: answers every request at once, over connections that stay open. PORT as in bare.js.
const http = require('http');

http
  .createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 11 });
    response.end('{"ok":true}');
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
