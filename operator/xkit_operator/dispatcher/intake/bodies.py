"""From a body, or a line of it, to the records in it: one, or a batch of them; a reader for each format. Pure."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.http.exchange import Head
from xkit_operator.dispatcher.intake.cloudevents import parse_binary_event, parse_event
from xkit_operator.dispatcher.intake.plain import plain_record, plain_records
from xkit_operator.dispatcher.intake.records import Malformed, Record, parse_record, traced
from xkit_operator.dispatcher.intake.routes import Format
from xkit_operator.dispatcher.intake.trace import traceparent_of
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure

MOST_RECORDS = 1000

Parse = Callable[[Any], Record | Malformed]


class Batch(NamedTuple):
    """Many records, each read when its turn comes."""

    size: int
    records: Iterator[Record | Malformed]


ReadBody = Callable[[bytes], Record | Malformed | Batch | Failure]
"""A Failure answers the request as a whole."""
ReadLine = Callable[[bytes], Record | Malformed | Failure]


def body_reader(format_: Format, head: Head) -> ReadBody:
    """How the body of this request is read."""
    traceparent = traceparent_of(head.headers)
    if format_ is Format.BINARY_EVENT:
        return lambda body: parse_binary_event(head.headers, body, traceparent)
    if format_ is Format.RECORDS:
        return partial(_read_records, traceparent)
    return partial(_READERS[format_], partial(parse_event, traceparent=traceparent))


def line_reader(head: Head) -> ReadLine:
    """How a line of this request's body is read."""
    return partial(_read_record, traceparent_of(head.headers))


def _read_records(traceparent: str | None, body: bytes) -> Record | Malformed | Batch | Failure:
    plain = plain_records(body) if body.startswith(b"[") else plain_record(body)
    if isinstance(plain, Record):
        return traced(plain, traceparent)
    if plain is not None:
        return _batch(partial(traced, traceparent=traceparent), plain)
    parse = partial(parse_record, traceparent=traceparent)
    value = _value(body)
    if isinstance(value, dict):
        return parse(value)
    if isinstance(value, list):
        return _batch(parse, value)
    if isinstance(value, Failure):
        return value
    return Failure(Code.MALFORMED_BODY, "the body must be a record (object) or records (array)")


def _read_record(traceparent: str | None, text: bytes) -> Record | Malformed | Failure:
    plain = plain_record(text)
    if plain is not None:
        return traced(plain, traceparent)
    return _read_one(partial(parse_record, traceparent=traceparent), text)


def _read_events(parse: Parse, body: bytes) -> Batch | Failure:
    value = _value(body)
    if isinstance(value, list):
        return _batch(parse, value)
    return value if isinstance(value, Failure) else Failure(Code.MALFORMED_BODY, "the body must be events (array)")


def _read_one(parse: Parse, text: bytes) -> Record | Malformed | Failure:
    value = _value(text)
    return value if isinstance(value, Failure) else parse(value)


def _value(text: bytes) -> Any:
    """The JSON value, or the Failure that says why there is none."""
    try:
        return json_text.parse_bounded(text)
    except json_text.TooManyValues as error:
        return Failure(Code.TOO_MANY_VALUES, str(error))
    except ValueError as error:
        return Failure(Code.MALFORMED_BODY, f"the body is no JSON text: {error}")


def _batch(parse: Callable[[Any], Record | Malformed], values: list[Any]) -> Batch | Failure:
    if len(values) > MOST_RECORDS:
        return Failure(Code.BATCH_TOO_LARGE, f"at most {MOST_RECORDS} records; found {len(values)}")
    return Batch(len(values), map(parse, _let_go(values)))


def _let_go(values: list[Any]) -> Iterator[Any]:
    """Each value in order, held no longer: hundreds of them would fill the processor's caches while they wait."""
    values.reverse()
    while values:
        yield values.pop()


_READERS = {Format.EVENT: _read_one, Format.EVENTS: _read_events}
