"""A mapping compiled into one function from a record to inputs. The dispatcher calls it for every record.

All that depends on the mapping alone is done once, here; a record then costs one look-up and one coercion per input.
Pure: no clock, no locale, no change to the record.
"""

from collections.abc import Callable, Sequence
from typing import Any

from xkit_operator.api.destination import Input
from xkit_operator.api.sourcemapping import Entry, SourceMappingSpec
from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.coercion import COERCIONS, Coercion
from xkit_operator.mapping.literal import literal
from xkit_operator.mapping.pointer import Getter, format_pointer, getter, parse_pointer
from xkit_operator.mapping.rendering import render, shorten
from xkit_operator.mapping.result import Fault, InputError, InputErrorCode, Refused, Resolved

CompiledMapping = Callable[[dict[str, Any]], Resolved]


def compile_mapping(mapping: SourceMappingSpec, inputs: Sequence[Input]) -> CompiledMapping:
    """The function that resolves all `inputs`, in their order, from a record.

    Raises InvalidSpec when a pointer does not parse or a static value is of another type; `fit` says so beforehand.
    """
    entries = {entry.name: entry for entry in mapping.inputs}
    rows = [_Row(declared, entries.get(declared.name)) for declared in inputs]
    steps = [(row, row.declared.name, row.get, row.coerce, row.declared.optional) for row in rows]

    def resolve(record: dict[str, Any]) -> Resolved:
        resolved: dict[str, Any] = {}
        errors: list[InputError] = []
        for row, name, get, coerce, optional in steps:
            value = get(record)
            if value is not None:
                try:
                    value = coerce(value)
                except Refused as refused:
                    errors.extend(row.refused(fault) for fault in refused.faults)
                    continue
            if value is None and not optional:
                errors.append(row.missing())
            else:
                resolved[name] = value
        return Resolved(resolved, errors)

    return resolve


class _Row:
    """One declared input, and how it is filled."""

    def __init__(self, declared: Input, entry: Entry | None) -> None:
        self.declared = declared
        self.parts: tuple[str, ...] = ()
        self.get: Getter = _nothing
        self.coerce: Coercion = COERCIONS[declared.type]
        try:
            if entry and entry.direct:
                self.parts = parse_pointer(entry.direct.pointer)
                self.get = getter(self.parts)
            elif entry and entry.static:
                value = literal(entry.static.value, declared.type)
                self.get = lambda record: value
                self.coerce = _unchanged
        except Refused as refused:
            raise InvalidSpec(self.refused(refused.faults[0]).message) from refused

    def missing(self) -> InputError:
        pointer = format_pointer(self.parts)
        message = f"{self._title()} is required, and the record has nothing at {shorten(pointer) or 'its root'}"
        return InputError(self.declared.name, InputErrorCode.REQUIRED_INPUT_MISSING, message, pointer)

    def refused(self, fault: Fault) -> InputError:
        message = f"{self._title()} takes {fault.expected}; found {render(fault.found)}"
        return InputError(self.declared.name, fault.code, message, format_pointer((*self.parts, *fault.path)))

    def _title(self) -> str:
        return f"input {self.declared.name} ({self.declared.type})"


def _nothing(record: Any) -> None:
    return None


def _unchanged(value: Any) -> Any:
    return value
