'use strict';
/**
 * The errors that functions throw to say what is to become of the record; globals, as users of Segment's functions
 * expect. Only their names count: a function's own `class ValidationError extends Error {}` does the same.
 */

class ValidationError extends Error {}
class InvalidEventPayload extends Error {}
class EventNotSupported extends Error {}
class RetryError extends Error {}

const ERRORS = { ValidationError, InvalidEventPayload, EventNotSupported, RetryError };

function installErrors() {
  for (const [name, type] of Object.entries(ERRORS)) {
    Object.defineProperty(type.prototype, 'name', { value: name, writable: true, configurable: true });
    Object.defineProperty(globalThis, name, { value: type, writable: true, configurable: true });
  }
}

module.exports = { installErrors };
