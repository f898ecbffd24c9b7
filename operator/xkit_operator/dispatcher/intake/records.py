"""A record's envelope: who sent it, which operation, which source; what its mapping reads is in `record`.

Pure: a JSON value in, a Record or every mistake at once out. Members that are null count as not given.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta, Struct, field
from msgspec.structs import asdict

from xkit_operator.dispatcher.document import Operation
from xkit_operator.dispatcher.intake.fields import Fields, RecordError

_NOTHING: dict[str, Any] = {}

Text = Annotated[str, Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class Malformed:
    """All that is wrong with one envelope."""

    record_id: str | None
    errors: tuple[RecordError, ...]
    traceparent: str | None = None


def _new_id() -> str:
    return uuid.uuid4().hex


class Record(Struct, forbid_unknown_fields=True):
    """One record as its sender gave it. Its fields are those of an envelope, with their types there: see `plain`."""

    operation: Operation
    source: dict[str, Any]
    record: dict[str, Any]
    id: Text = field(default_factory=_new_id)
    connection: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    key: Text | None = None
    time: Text | None = None
    attempt: Annotated[int, Meta(ge=1, lt=2**53)] = 1

    @property
    def traceparent(self) -> str | None:
        """The sender's place in a trace, as W3C Trace Context writes it; it comes beside the envelope."""
        return None

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


_NAMES = frozenset(Record.__struct_fields__)


class TracedRecord(Record):
    """One with a place in a trace."""

    traceparent: str | None = None


def traced(record: Record, traceparent: str | None) -> Record:
    """`record` at this place in a trace, if there is one."""
    return record if traceparent is None else TracedRecord(**asdict(record), traceparent=traceparent)


def parse_record(value: Any, traceparent: str | None = None) -> Record | Malformed:
    """Read one envelope, or say everything that is wrong with it; `traceparent` came beside it."""
    if not isinstance(value, dict):
        error = RecordError("InvalidField", "", "a record must be a JSON object")
        return Malformed(None, (error,), traceparent)
    errors: list[RecordError] = []
    fields = Fields(value, errors)
    record = Record(
        id=fields.text("id") or _new_id(),
        operation=_operation(fields),
        source=fields.source(),
        connection=fields.object("connection"),
        context=fields.object("context"),
        record=fields.object("record", required=True),
        key=fields.text("key"),
        time=fields.text("time"),
        attempt=fields.attempt(),
    )
    fields.check_numbers("source", "connection", "context")
    fields.check_names(_NAMES, "a record")
    return Malformed(record.id, tuple(errors), traceparent) if errors else traced(record, traceparent)


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
