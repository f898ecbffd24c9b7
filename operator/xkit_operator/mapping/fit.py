"""Fit: whether a mapping satisfies the inputs of a Destination, judged before any record is seen.

The operator asks whenever either side changes; a mapping that does not fit is not served.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xkit_operator.api.destination import DestinationSpec, Input
from xkit_operator.api.sourcemapping import Entry, SourceMappingSpec
from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.feeding import never_feeds
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
    CANNOT_FEED_TYPE = "CannotFeedType"
    INVALID_STATIC_VALUE = "InvalidStaticValue"
    INVALID_DEFAULT = "InvalidDefault"


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
    return sorted(errors, key=lambda error: (error.input, error.code, error.message))


def unmapped(mapping: SourceMappingSpec, destination: DestinationSpec) -> list[str]:
    """The optional inputs without an entry, sorted: always null, and perhaps forgotten."""
    mapped = {entry.name for entry in mapping.inputs}
    return sorted(one.name for one in destination.inputs if one.optional and one.name not in mapped)


def warnings(mapping: SourceMappingSpec) -> list[str]:
    """What is legal and looks wrong, sorted by input name."""
    odd = {
        entry.name: [text for text in _pointers(entry) if is_bare_name(text) and "/" in text]
        for entry in sorted(mapping.inputs, key=lambda entry: entry.name)
    }
    # one for each entry, however many of its pointers are odd: the status has room for as many
    return [
        f"input {name}: {render(texts[0])} is the name of one member; a path starts with /"
        for name, texts in odd.items()
        if texts
    ]


def _entry_errors(entry: Entry, declared: Input | None) -> Iterator[FitError]:
    name = entry.name
    if declared is None:
        yield FitError(name, FitCode.UNKNOWN_INPUT, f"input {name} is not declared by the Destination")
    unparsed = list(_pointer_errors(entry))
    yield from unparsed
    if declared is None:
        return
    if entry.empty and not declared.optional:
        yield FitError(name, FitCode.REQUIRED_INPUT_EMPTY, f"input {name} is required and cannot be empty")
    if not unparsed and (reason := never_feeds(entry, declared)):
        yield FitError(name, FitCode.CANNOT_FEED_TYPE, f"input {name} is of type {declared.type}: {reason}")
    if entry.static:
        yield from _literal_errors(entry.static.value, declared, FitCode.INVALID_STATIC_VALUE, "static value")
    if entry.default is not None:
        yield from _literal_errors(entry.default, declared, FitCode.INVALID_DEFAULT, "default")


def _pointer_errors(entry: Entry) -> Iterator[FitError]:
    for text in _pointers(entry):
        try:
            parse_pointer(text)
        except InvalidSpec as error:
            message = f"input {entry.name}: the pointer {render(text)} does not parse: {error}"
            yield FitError(entry.name, FitCode.INVALID_POINTER, message)


def _literal_errors(value: Any, declared: Input, code: FitCode, what: str) -> Iterator[FitError]:
    try:
        literal(value, declared)
    except Refused as refused:
        fault = refused.faults[0]
        message = f"input {declared.name}: the {what} must be {fault.expected}; found {render(fault.found)}"
        yield FitError(declared.name, code, message)


def _pointers(entry: Entry) -> list[str]:
    """Every pointer that the entry has."""
    source = entry.direct or entry.find or entry.collect or entry.date
    texts = [source.pointer if source else None]
    if entry.find:
        texts += [entry.find.where.property, entry.find.extract]
    if entry.collect:
        texts.append(entry.collect.extract)
    return [text for text in texts if text is not None]
