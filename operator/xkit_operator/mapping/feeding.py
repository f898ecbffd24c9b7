"""Which transformation can feed which type: what the rules alone say about a value, whatever the record.

A mapping that breaks one of these could only ever give errors; it is refused when it is applied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xkit_operator.mapping.pointer import parse_pointer

if TYPE_CHECKING:
    from xkit_operator.api.destination import Input
    from xkit_operator.api.sourcemapping import Entry


def never_feeds(entry: Entry, declared: Input) -> str | None:
    """Why `entry` can never give a value of the type of `declared`; None when it can. Its pointers must parse."""
    kind = declared.type
    if entry.collect and kind != "array":
        return "collect gives an array"
    if entry.date and kind not in ("date", "string"):
        return "date gives a date or its text"
    source = entry.direct or entry.find or entry.collect or entry.date
    if source and not parse_pointer(source.pointer) and not (entry.direct and kind == "object"):
        return "its pointer means the whole record, which is an object"
    if entry.find and kind != "object" and not parse_pointer(entry.find.extract or ""):
        return "find without extract gives an object"
    return None
