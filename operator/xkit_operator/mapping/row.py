"""One declared input and how it is filled: all that can be decided before a record comes.

`compile` runs rows over records; `explain` asks them where a value came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.coercion import COERCIONS, PLAIN, Coercion, date_in
from xkit_operator.mapping.containers import array_of
from xkit_operator.mapping.feeding import never_feeds
from xkit_operator.mapping.literal import literal
from xkit_operator.mapping.pointer import format_pointer, parse_pointer
from xkit_operator.mapping.rendering import render
from xkit_operator.mapping.result import Fault, InputError, InputErrorCode, Refused
from xkit_operator.mapping.transformation import At, CollectedValues, Constant, FoundElement, Transformation

if TYPE_CHECKING:
    from xkit_operator.api.destination import Input
    from xkit_operator.api.sourcemapping import Entry

REQUIRED = object()
"""As a fallback: there is none, a missing value is an error."""


class Row:
    """Raises InvalidSpec when the entry cannot fill the input; `fit` says so beforehand."""

    def __init__(self, declared: Input, entry: Entry | None) -> None:
        self.declared = declared
        if entry and (reason := never_feeds(entry, declared)):
            raise InvalidSpec(f"{self._title()} cannot be filled: {reason}")
        try:
            self.source = transformation_of(entry, declared)
            default = None if entry is None or entry.default is None else literal(entry.default, declared)
        except Refused as refused:
            raise InvalidSpec(self._sentence(refused.faults[0])) from refused
        self.coerce: Coercion = _unchanged if entry and entry.static else coercion_of(entry, declared)
        self.fallback = default if default is not None or declared.optional else REQUIRED
        self.shortcut = shortcut_of(entry, declared)

    @property
    def type(self) -> str:
        """The type for people, such as `array of string`."""
        items = self.declared.items
        return f"array of {items.type}" if items else self.declared.type

    def found(self, record: dict[str, Any]) -> Any:
        """The value as the function would see it, without any default; None when missing. Raises Refused."""
        value = self.source.get(record)
        return None if value is None else self.coerce(value)

    def missing(self, record: dict[str, Any]) -> InputError:
        """The error of a record that has nothing for this input."""
        message = f"{self._title()} is required, and {self.source.lack(record)}"
        pointer = format_pointer(self.source.place(record))
        return InputError(self.declared.name, InputErrorCode.REQUIRED_INPUT_MISSING, message, pointer)

    def refused(self, record: dict[str, Any], fault: Fault) -> InputError:
        """The error of a record whose value does not become the type."""
        pointer = format_pointer(self.source.place(record, fault.path))
        return InputError(self.declared.name, fault.code, self._sentence(fault), pointer)

    def _sentence(self, fault: Fault) -> str:
        return f"{self._title()} takes {fault.expected}; found {render(fault.found)}"

    def _title(self) -> str:
        return f"input {self.declared.name} ({self.type})"


def transformation_of(entry: Entry | None, declared: Input) -> Transformation:
    """Where the value of an input comes from. Raises InvalidSpec and Refused."""
    if entry is not None:
        if entry.static:
            return Constant(literal(entry.static.value, declared))
        if entry.find:
            return FoundElement(entry.find)
        if entry.collect:
            return CollectedValues(entry.collect)
        if place := entry.direct or entry.date:
            return At(place.pointer)
    return Constant(None)


def coercion_of(entry: Entry | None, declared: Input) -> Coercion:
    """What makes a value from a record one of the input's type."""
    if entry and entry.date:
        return date_in(entry.date.unit)
    if declared.items:
        return array_of(COERCIONS[declared.items.type])
    return COERCIONS[declared.type]


def shortcut_of(entry: Entry | None, declared: Input) -> tuple[str, type | None]:
    """A member of the record, and the type with which its value needs no coercion; None as type where there is none.

    Most inputs of most records take it: the text of one member.
    """
    parts = parse_pointer(entry.direct.pointer) if entry and entry.direct else ()
    return (parts[0], PLAIN.get(declared.type)) if len(parts) == 1 else ("", None)


def _unchanged(value: Any) -> Any:
    return value
