"""A record in a file: the record alone, as its app gave it, or with the envelope that runners take.

What the envelope says of source and operation counts unless the command line says something else.
"""

from dataclasses import dataclass
from typing import Any

from xkit_operator.api.destination import Operation
from xkit_operator.dispatcher import json_text
from xkit_operator.errors import InvalidProject

_ENVELOPE = {"record", "source"}


@dataclass(frozen=True)
class Sample:
    """`slug` is None where neither the envelope nor the command line names a source."""

    record: dict[str, Any]
    slug: str | None
    object: str | None
    operation: Operation


def read_sample(name: str, text: bytes, *, slug: str | None, kind: str | None, operation: Operation | None) -> Sample:
    """The record in `text`, which comes from the file `name`. Raises InvalidProject."""
    try:
        value = json_text.parse(text)
    except ValueError as error:
        raise InvalidProject(f"{name} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidProject(f"{name} holds no record: that is an object of JSON, one in a file")
    if not value.keys() >= _ENVELOPE or not isinstance(value["source"], dict) or not isinstance(value["record"], dict):
        return Sample(value, slug, kind, operation or "upsert")
    source = value["source"]
    said = value.get("operation")
    return Sample(
        record=value["record"],
        slug=slug or source.get("slug"),
        object=kind or (source.get("object") if slug in (None, source.get("slug")) else None),
        operation=operation or ("delete" if said == "delete" else "upsert"),
    )
