'use strict';
// The same as a function of functions-framework.
exports.record = (request, response) => response.json({ ok: true, id: request.body.record.id });
