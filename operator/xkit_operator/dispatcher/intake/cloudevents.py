"""CloudEvents 1.0 over HTTP: from an event to the record that it carries, or every mistake at once. Pure.

In the structured and the batch mode an event is a JSON object; in the binary mode its attributes are headers, and the
body is its data. An event's own `source`, a URI, says who sent the event; the source of the record is in its data.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.intake.fields import Fields, RecordError
from xkit_operator.dispatcher.intake.records import Malformed, Record, traced
from xkit_operator.dispatcher.intake.trace import read_traceparent

if TYPE_CHECKING:
    from xkit_operator.api.destination import Operation

HEADER = "ce-"
_IN_DATA = frozenset(("source", "connection", "context", "record"))
_JSON_TYPE = re.compile(r"[^/;\s]+/([^/;\s]+\+)?json\s*(;.*)?", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,16}")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(rb"\\(.)")


def parse_event(value: Any, traceparent: str | None = None) -> Record | Malformed:
    """Read an event of the structured mode or of a batch; `traceparent` is the request's."""
    if not isinstance(value, dict):
        error = RecordError("InvalidField", "", "an event must be a JSON object")
        return Malformed(None, (error,), traceparent)
    errors: list[RecordError] = []
    attributes = Fields(_with_attempt(value), errors)
    record = _without_data(attributes, traceparent)
    content_type = attributes.text("datacontenttype")
    if content_type is not None and not _JSON_TYPE.fullmatch(content_type):
        attributes.invalid("datacontenttype", "must be a JSON type, such as application/json")
    data = _data(attributes)
    if data is not None:
        _fill(record, Fields(data, errors, place="/data", label="data."))
    return _complete(record, errors)


def parse_binary_event(
    headers: Mapping[bytes, bytes], body: bytes, traceparent: str | None = None
) -> Record | Malformed:
    """Read an event of the binary mode; that its body is JSON by its type is known already."""
    errors: list[RecordError] = []
    attributes = Fields(_with_attempt(_attributes(headers)), errors, header=HEADER)
    record = _without_data(attributes, traceparent)
    try:
        data = json_text.parse_bounded(body)
    except ValueError as error:
        errors.append(RecordError("InvalidField", "", f"the body, which is data, is no JSON text: {error}"))
    else:
        if isinstance(data, dict):
            _fill(record, Fields(data, errors, label="data."))
        else:
            errors.append(RecordError("InvalidField", "", "the body, which is data, must be a JSON object"))
    return _complete(record, errors)


def _without_data(attributes: Fields, traceparent: str | None) -> Record:
    """The record as far as the event's attributes tell."""
    if attributes.get("specversion") is None:
        attributes.missing("specversion", "1.0; what is no CloudEvent goes to POST /v1/records")
    elif attributes.get("specversion") != "1.0":
        attributes.invalid("specversion", "must be 1.0")
    attributes.text("source", required=True)
    record = Record(
        id=attributes.text("id", required=True) or "",
        operation=_operation(attributes),
        source={},
        connection={},
        context={},
        record={},
        key=attributes.text("subject") or attributes.text("partitionkey"),
        time=attributes.text("time"),
        attempt=attributes.attempt(),
    )
    return traced(record, read_traceparent(attributes.get("traceparent")) or traceparent)


def _fill(record: Record, data: Fields) -> None:
    record.source = data.source('an object such as {"slug": "hubspot"}; the source of the event is something else')
    record.connection = data.object("connection")
    record.context = data.object("context")
    record.record = data.object("record", required=True)
    data.check_numbers("source", "connection", "context")
    data.check_names(_IN_DATA, "an event's data")


def _complete(record: Record, errors: list[RecordError]) -> Record | Malformed:
    return Malformed(record.id or None, tuple(errors), record.traceparent) if errors else record


def _operation(attributes: Fields) -> Operation:
    type_ = attributes.text("type", required=True)
    if type_ is None or type_.endswith(".upsert"):
        return "upsert"
    if not type_.endswith(".delete"):
        attributes.invalid("type", "must end in .upsert or .delete")
    return "delete"


def _data(attributes: Fields) -> dict[str, Any] | None:
    """The data of an event in JSON; None when that is among the errors."""
    if attributes.get("data_base64") is None:
        data = attributes.object("data", required=True)
        return data if isinstance(attributes.get("data"), dict) else None
    if attributes.get("data") is not None:
        attributes.invalid("data_base64", "excludes data")
        return None
    encoded = attributes.text("data_base64")
    decoded = None if encoded is None else _from_base64(encoded)
    if isinstance(decoded, dict):
        return decoded
    if encoded is not None:
        attributes.invalid("data_base64", "must be a JSON object in Base64")
    return None


def _from_base64(text: str) -> Any:
    try:
        return json_text.parse_bounded(a2b_base64(text, strict_mode=True))
    except ValueError:
        return None


def _attributes(headers: Mapping[bytes, bytes]) -> dict[str, Any]:
    prefix = HEADER.encode()
    return {
        name.removeprefix(prefix).decode("latin-1"): _decoded(value)
        for name, value in headers.items()
        if name.startswith(prefix)
    }


def _with_attempt(attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes, `attempt` as a number: headers are texts, and what an intermediary makes of them may still be."""
    attempt = attributes.get("attempt")
    if isinstance(attempt, str) and _DIGITS.fullmatch(attempt):
        return {**attributes, "attempt": int(attempt)}
    return attributes


def _decoded(value: bytes) -> str | bytes:
    """An attribute's value in a header, by section 3.1.3.2 of the HTTP binding; bytes that are no UTF-8 are no text."""
    quoted = _QUOTED.fullmatch(value)
    decoded = unquote_to_bytes(_ESCAPED.sub(rb"\1", quoted[1]) if quoted else value)
    try:
        return decoded.decode()
    except UnicodeError:
        return decoded
