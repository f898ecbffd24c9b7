'use strict';
// The same on express: what people write who write a server of their own.
const express = require('express');

const app = express();
app.use(express.json());
app.post('/v1/records', (request, response) => response.json({ ok: true, id: request.body.record.id }));
app.listen(Number(process.env.PORT), '127.0.0.1');
