"""A record's envelope: who sent it, which operation, which source; what its mapping reads is in `record`.

Pure: a JSON value in, a Record or every mistake at once out. Members that are null count as not given.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from xkit_operator.dispatcher.intake.fields import Fields, RecordError
from xkit_operator.mapping.numbers import hold_doubles

if TYPE_CHECKING:
    from xkit_operator.api.destination import Operation

_KNOWN = frozenset(("id", "operation", "source", "connection", "context", "record", "key", "time", "attempt"))
_NOTHING: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Malformed:
    """All that is wrong with one envelope."""

    record_id: str | None
    errors: tuple[RecordError, ...]
    traceparent: str | None = None


class Record(Struct):
    """One record as its sender gave it."""

    id: str
    operation: Operation
    source: dict[str, Any]
    connection: dict[str, Any]
    context: dict[str, Any]
    record: dict[str, Any]
    key: str | None
    time: str | None
    attempt: int
    traceparent: str | None = None
    """The sender's place in a trace, as W3C Trace Context writes it."""

    @property
    def slug(self) -> str:
        slug: str = self.source["slug"]
        return slug

    @property
    def object(self) -> str | None:
        return self.source.get("object")

    def let_go(self) -> None:
        """Keep what the answer needs alone: the rest has been passed on, and is far more."""
        self.record = self.context = self.connection = _NOTHING

    def meta(self) -> dict[str, Any]:
        """The `meta` of its call, without what the executor takes for granted or adds: see PROTOCOL.md, *Calls*."""
        meta: dict[str, Any] = {"id": self.id}
        if self.attempt != 1:
            meta["attempt"] = self.attempt
        if self.time is not None:
            meta["time"] = self.time
        if self.key is not None:
            meta["key"] = self.key
        if self.traceparent is not None:
            meta["traceparent"] = self.traceparent
        return meta


def parse_record(value: Any, traceparent: str | None = None) -> Record | Malformed:
    """Read one envelope, or say everything that is wrong with it; `traceparent` came beside it."""
    if not isinstance(value, dict):
        error = RecordError("InvalidField", "", "a record must be a JSON object")
        return Malformed(None, (error,), traceparent)
    return _flawless(value, traceparent) or _examined(value, traceparent)


def _flawless(value: dict[str, Any], traceparent: str | None) -> Record | None:
    """The record of an envelope that needs no second look, as nearly all are; None says nothing about mistakes.

    Costs half of what `_examined` does, which would give the same record.
    """
    operation, source, record = value.get("operation"), value.get("source"), value.get("record")
    connection, context = value.get("connection", _NOTHING), value.get("context", _NOTHING)
    if not (type(source) is type(record) is type(connection) is type(context) is dict and value.keys() <= _KNOWN):
        return None
    record_id, key, time, attempt = value.get("id"), value.get("key"), value.get("time"), value.get("attempt", 1)
    slug, kind = source.get("slug"), source.get("object")
    if (
        (operation == "upsert" or operation == "delete")
        and type(slug) is type(record_id) is str
        and slug
        and record_id
        and (kind is None or type(kind) is str)
        and (key is None or (type(key) is str and key))
        and (time is None or (type(time) is str and time))
        and type(attempt) is int
        and 1 <= attempt < 2**53
        and hold_doubles((*source.values(), *connection.values(), *context.values()))
    ):
        return Record(record_id, operation, source, connection, context, record, key, time, attempt, traceparent)
    return None


def _examined(value: dict[str, Any], traceparent: str | None) -> Record | Malformed:
    errors: list[RecordError] = []
    fields = Fields(value, errors)
    record = Record(
        id=fields.text("id") or uuid.uuid4().hex,
        operation=_operation(fields),
        source=fields.source(),
        connection=fields.object("connection"),
        context=fields.object("context"),
        record=fields.object("record", required=True),
        key=fields.text("key"),
        time=fields.text("time"),
        attempt=fields.attempt(),
        traceparent=traceparent,
    )
    fields.check_numbers("source", "connection", "context")
    fields.check_names(_KNOWN, "a record")
    return Malformed(record.id, tuple(errors), traceparent) if errors else record


def _operation(fields: Fields) -> Operation:
    found: Any = fields.get("operation")
    if found in ("upsert", "delete"):
        operation: Operation = found
        return operation
    if found is None:
        fields.missing("operation", '"upsert" or "delete"')
    else:
        fields.invalid("operation", 'must be "upsert" or "delete"')
    return "upsert"
