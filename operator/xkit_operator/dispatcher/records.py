"""A record's envelope: who sent it, which operation, which source; what its mapping reads is in `record`.

Pure: a JSON value in, a Record or every mistake at once out. Members that are null count as not given.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf
from typing import Any, Literal

from xkit_operator.api.destination import Operation

_KNOWN = frozenset(("id", "operation", "source", "connection", "context", "record", "key", "time", "attempt"))
_BEYOND_DOUBLES = 2**1024 - 2**970  # the first integer that rounds to infinity

RecordErrorCode = Literal["UnknownField", "RequiredFieldMissing", "InvalidField", "NumberOutOfRange"]


@dataclass(frozen=True, slots=True)
class RecordError:
    """One mistake in an envelope."""

    code: RecordErrorCode
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """All that is wrong with one envelope."""

    record_id: str | None
    errors: tuple[RecordError, ...]


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

    @property
    def slug(self) -> str:
        slug: str = self.source["slug"]
        return slug

    @property
    def object(self) -> str | None:
        return self.source.get("object")

    def meta(self) -> dict[str, Any]:
        """What the function learns about the record as `meta`; the executor adds deadline and signal."""
        return {
            "id": self.id,
            "operation": self.operation,
            "attempt": self.attempt,
            "time": self.time,
            "key": self.key,
        }


def parse_record(value: Any) -> Record | Malformed:
    """Read one envelope, or say everything that is wrong with it."""
    if not isinstance(value, dict):
        return Malformed(None, (RecordError("InvalidField", "", "a record must be a JSON object"),))
    fields = _Fields(value)
    record = Record(
        id=fields.text("id") or uuid.uuid4().hex,
        operation=fields.operation(),
        source=fields.source(),
        connection=fields.object("connection"),
        context=fields.object("context"),
        record=fields.object("record", required=True),
        key=fields.text("key"),
        time=fields.text("time"),
        attempt=fields.attempt(),
    )
    fields.check_numbers("source", record.source)
    fields.check_numbers("connection", record.connection)
    fields.check_numbers("context", record.context)
    fields.check_names()
    return Malformed(record.id, tuple(fields.errors)) if fields.errors else record


class _Fields:
    """The members of one envelope, and the mistakes found while they are read."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value
        self.errors: list[RecordError] = []

    def operation(self) -> Operation:
        found: Any = self._value.get("operation")
        if found in ("upsert", "delete"):
            operation: Operation = found
            return operation
        if found is None:
            self._fault("RequiredFieldMissing", "/operation", 'operation is missing: "upsert" or "delete"')
        else:
            self._fault("InvalidField", "/operation", 'operation must be "upsert" or "delete"')
        return "upsert"

    def source(self) -> dict[str, Any]:
        source = self.object("source", required=True)
        if not isinstance(self._value.get("source"), dict):
            return source
        slug, kind = source.get("slug"), source.get("object")
        if slug is None:
            self._fault("RequiredFieldMissing", "/source/slug", "source.slug is missing")
        elif not isinstance(slug, str) or not slug:
            self._fault("InvalidField", "/source/slug", "source.slug must be a text that is not empty")
        if kind is not None and not isinstance(kind, str):
            self._fault("InvalidField", "/source/object", "source.object must be a text")
        return source

    def object(self, name: str, *, required: bool = False) -> dict[str, Any]:
        found = self._value.get(name)
        if isinstance(found, dict):
            return found
        if found is not None:
            self._fault("InvalidField", f"/{name}", f"{name} must be a JSON object")
        elif required:
            self._fault("RequiredFieldMissing", f"/{name}", f"{name} is missing")
        return {}

    def text(self, name: str) -> str | None:
        found = self._value.get(name)
        if found is None or (isinstance(found, str) and found):
            return found
        self._fault("InvalidField", f"/{name}", f"{name} must be a text that is not empty")
        return None

    def attempt(self) -> int:
        found = self._value.get("attempt", 1)
        if found is None:
            return 1
        if type(found) is int and 1 <= found < 2**53:
            return found
        self._fault("InvalidField", "/attempt", "attempt must be an integer from 1")
        return 1

    def check_numbers(self, name: str, value: dict[str, Any]) -> None:
        """These members reach the function as they are; a number that no double can hold would arrive as Infinity."""
        if value and not _fits_doubles(value.values()):
            self._fault("NumberOutOfRange", f"/{name}", f"{name} holds a number that no double can hold")

    def check_names(self) -> None:
        if self._value.keys() <= _KNOWN:
            return
        for name in self._value:
            if name not in _KNOWN:
                pointer = "/" + name.replace("~", "~0").replace("/", "~1")
                self._fault("UnknownField", pointer, f"{name[:80]} is no field of a record")

    def _fault(self, code: RecordErrorCode, pointer: str, message: str) -> None:
        self.errors.append(RecordError(code, pointer, message))


def _fits_doubles(values: Iterable[Any]) -> bool:
    for value in values:
        kind = type(value)
        if kind is float:
            fits = not isinf(value)
        elif kind is int:
            fits = -_BEYOND_DOUBLES < value < _BEYOND_DOUBLES
        elif kind is dict:
            fits = _fits_doubles(value.values())
        else:
            fits = kind is not list or _fits_doubles(value)
        if not fits:
            return False
    return True
