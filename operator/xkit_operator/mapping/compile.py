"""A mapping compiled into one function from a record to inputs. The dispatcher calls it for every record.

All that depends on the mapping alone is done once, here; a record then costs one look-up and one coercion per input.
Pure: no clock, no locale, no change to the record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from xkit_operator.mapping.result import InputError, Refused, Resolved
from xkit_operator.mapping.row import REQUIRED, Row

if TYPE_CHECKING:
    from xkit_operator.api.destination import Input
    from xkit_operator.api.sourcemapping import SourceMappingSpec

CompiledMapping = Callable[[dict[str, Any]], Resolved]


def compile_mapping(mapping: SourceMappingSpec, inputs: Sequence[Input]) -> CompiledMapping:
    """The function that resolves all `inputs`, in their order, from a record; entries for others are left alone.

    Raises InvalidSpec when an entry cannot fill its input; `fit` says so beforehand.
    """
    entries = {entry.name: entry for entry in mapping.inputs}
    rows = [Row(declared, entries.get(declared.name)) for declared in inputs]
    steps = [(row, row.declared.name, *row.shortcut) for row in rows]

    def resolve(record: dict[str, Any]) -> Resolved:
        resolved: dict[str, Any] = {}
        errors: list[InputError] = []
        nulled: list[InputError] = []
        for row, name, member, plain in steps:
            if type(value := record.get(member)) is plain:
                resolved[name] = value
                continue
            try:
                value = row.found(record)
            except Refused as refused:
                faults = [row.refused(record, fault) for fault in refused.faults]
                if row.declared.on_invalid == "Null":
                    nulled += faults
                    resolved[name] = None
                else:
                    errors += faults
                continue
            if value is None:
                if row.fallback is REQUIRED:
                    errors.append(row.missing(record))
                    continue
                value = row.fallback
            resolved[name] = value
        return Resolved(resolved, errors, nulled)

    return resolve
