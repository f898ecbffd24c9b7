"""Fit: whether a mapping satisfies the inputs of a Destination, judged before any record is seen.

The operator asks whenever either side changes; a mapping that does not fit is not served.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from xkit_operator.api.destination import DestinationSpec, Input
from xkit_operator.api.sourcemapping import Entry, SourceMappingSpec
from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.literal import literal
from xkit_operator.mapping.pointer import is_bare_name, parse_pointer
from xkit_operator.mapping.rendering import render
from xkit_operator.mapping.result import Refused


class FitCode(StrEnum):
    """What keeps a mapping from fitting."""

    UNKNOWN_INPUT = "UnknownInput"
    REQUIRED_INPUT_UNMAPPED = "RequiredInputUnmapped"
    REQUIRED_INPUT_EMPTY = "RequiredInputEmpty"
    INVALID_POINTER = "InvalidPointer"
    INVALID_STATIC_VALUE = "InvalidStaticValue"


@dataclass(frozen=True, slots=True)
class FitError:
    """One thing that keeps a mapping from being served."""

    input: str
    code: FitCode
    message: str


def fit(mapping: SourceMappingSpec, destination: DestinationSpec) -> list[FitError]:
    """Say what keeps `mapping` from filling the inputs of `destination`.

    Returns every error, sorted by input name; an empty list means that the mapping may be served.
    Pure: reads no cluster and no record.
    """
    declared = {one.name: one for one in destination.inputs}
    mapped = {entry.name for entry in mapping.inputs}
    errors = [error for entry in mapping.inputs for error in _entry_errors(entry, declared.get(entry.name))]
    errors += [
        FitError(one.name, FitCode.REQUIRED_INPUT_UNMAPPED, f"input {one.name} is required and has no entry")
        for one in destination.inputs
        if not one.optional and one.name not in mapped
    ]
    return sorted(errors, key=lambda error: (error.input, error.code))


def unmapped(mapping: SourceMappingSpec, destination: DestinationSpec) -> list[str]:
    """The optional inputs without an entry, sorted: always null, and perhaps forgotten."""
    mapped = {entry.name for entry in mapping.inputs}
    return sorted(one.name for one in destination.inputs if one.optional and one.name not in mapped)


def warnings(mapping: SourceMappingSpec) -> list[str]:
    """What is legal and looks wrong, sorted by input name."""
    return [
        f"input {entry.name}: {render(entry.direct.pointer)} is the name of one member; a path starts with /"
        for entry in sorted(mapping.inputs, key=lambda entry: entry.name)
        if entry.direct and is_bare_name(entry.direct.pointer) and "/" in entry.direct.pointer
    ]


def _entry_errors(entry: Entry, declared: Input | None) -> Iterator[FitError]:
    name = entry.name
    if declared is None:
        yield FitError(name, FitCode.UNKNOWN_INPUT, f"input {name} is not declared by the Destination")
    if entry.direct:
        try:
            parse_pointer(entry.direct.pointer)
        except InvalidSpec as error:
            message = f"input {name}: the pointer {render(entry.direct.pointer)} does not parse: {error}"
            yield FitError(name, FitCode.INVALID_POINTER, message)
    if declared is None:
        return
    if entry.static:
        try:
            literal(entry.static.value, declared.type)
        except Refused as refused:
            fault = refused.faults[0]
            message = f"input {name}: the static value must be {fault.expected}; it is {render(fault.found)}"
            yield FitError(name, FitCode.INVALID_STATIC_VALUE, message)
    if entry.empty and not declared.optional:
        yield FitError(name, FitCode.REQUIRED_INPUT_EMPTY, f"input {name} is required and cannot be empty")
