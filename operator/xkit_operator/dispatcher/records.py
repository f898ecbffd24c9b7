"""A record's envelope: who sent it, which operation, which source; what its mapping reads is in `record`.

Pure: a JSON value in, a Record or every mistake at once out. Members that are null count as not given.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from xkit_operator.api.destination import Operation
from xkit_operator.dispatcher.fields import Fields, RecordError

_KNOWN = frozenset(("id", "operation", "source", "connection", "context", "record", "key", "time", "attempt"))


@dataclass(frozen=True, slots=True)
class Malformed:
    """All that is wrong with one envelope."""

    record_id: str | None
    errors: tuple[RecordError, ...]
    traceparent: str | None = None


@dataclass(slots=True)
class Record:
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

    def meta(self) -> dict[str, Any]:
        """What the function learns about the record as `meta`; the executor adds deadline and signal."""
        meta = {
            "id": self.id,
            "operation": self.operation,
            "attempt": self.attempt,
            "time": self.time,
            "key": self.key,
        }
        return meta if self.traceparent is None else {**meta, "traceparent": self.traceparent}


def parse_record(value: Any, traceparent: str | None = None) -> Record | Malformed:
    """Read one envelope, or say everything that is wrong with it; `traceparent` came beside it."""
    if not isinstance(value, dict):
        error = RecordError("InvalidField", "", "a record must be a JSON object")
        return Malformed(None, (error,), traceparent)
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
