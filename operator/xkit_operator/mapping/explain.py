"""What a mapping makes of one record, input by input, and where each value came from: for dry runs and `xkit map`.

Values and errors are those of the compiled mapping itself; only their origin is looked up here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from xkit_operator.mapping.compile import compile_mapping
from xkit_operator.mapping.pointer import format_pointer
from xkit_operator.mapping.result import InputError, InputErrorCode, Resolved
from xkit_operator.mapping.row import Row
from xkit_operator.mapping.transformation import FoundElement

if TYPE_CHECKING:
    from xkit_operator.api.destination import Input
    from xkit_operator.api.sourcemapping import Entry, SourceMappingSpec


class Origin(StrEnum):
    """Where the value of an input came from."""

    RECORD = "Record"
    STATIC = "Static"
    DEFAULT = "Default"
    NOTHING = "Nothing"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One input of one record."""

    input: str
    type: str
    """Such as `string` or `array of string`."""
    transformation: str | None
    """direct, static, find, collect, date or empty; None when the mapping has no entry."""
    origin: Origin
    value: Any
    """What the function would see; None, too, when there are errors."""
    pointer: str | None
    """Where in the record the value is or was looked for; None when no record could change it."""
    errors: tuple[InputError, ...]
    """Why the function would not be called."""
    nulled: tuple[InputError, ...]
    """Why the value is null although the record has something: the input says onInvalid: Null."""
    seen: tuple[str, ...] | None
    """What `find` saw where no element matched: the different values, at most ten, as JSON of at most 80 characters."""


Explainer = Callable[[dict[str, Any]], list[Explanation]]


def explain(mapping: SourceMappingSpec, inputs: Sequence[Input], record: dict[str, Any]) -> list[Explanation]:
    """What becomes of each of `inputs`, in their order. Pure. Raises InvalidSpec as `compile_mapping` does."""
    return compile_explainer(mapping, inputs)(record)


def compile_explainer(mapping: SourceMappingSpec, inputs: Sequence[Input]) -> Explainer:
    """The function that explains many records. Raises InvalidSpec as `compile_mapping` does."""
    entries = {entry.name: entry for entry in mapping.inputs}
    steps = [
        (Row(declared, entries.get(declared.name)), entries.get(declared.name), compile_mapping(mapping, [declared]))
        for declared in inputs
    ]
    return lambda record: [_explain(row, entry, resolve(record), record) for row, entry, resolve in steps]


def _explain(row: Row, entry: Entry | None, resolved: Resolved, record: dict[str, Any]) -> Explanation:
    value = resolved.inputs.get(row.declared.name)
    reads = entry is not None and not entry.static and not entry.empty
    return Explanation(
        input=row.declared.name,
        type=row.type,
        transformation=entry.transformation if entry else None,
        origin=_origin(row, entry, resolved, value, record),
        value=value,
        pointer=format_pointer(row.source.place(record)) if reads else None,
        errors=tuple(resolved.errors),
        nulled=tuple(resolved.nulled),
        seen=row.source.seen(record) if isinstance(row.source, FoundElement) else None,
    )


def _origin(row: Row, entry: Entry | None, resolved: Resolved, value: Any, record: dict[str, Any]) -> Origin:
    if entry and entry.static:
        return Origin.STATIC
    if resolved.nulled or any(error.code is not InputErrorCode.REQUIRED_INPUT_MISSING for error in resolved.errors):
        return Origin.RECORD
    if value is None:
        return Origin.NOTHING
    return Origin.DEFAULT if row.found(record) is None else Origin.RECORD
