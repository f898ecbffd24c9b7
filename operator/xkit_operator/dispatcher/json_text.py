"""JSON as JavaScript takes it: lone surrogates are kept, and leave as escapes.

pydantic_core refuses both directions of a lone surrogate (common in truncated texts), so the standard library
takes over for those few. Integers keep all their digits; a number beyond every double becomes infinite.
"""

import json
import re
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(text: bytes) -> Any:
    """The value of `text`.

    Raises ValueError when it is no JSON text, or is nested more deeply than about 200 levels.
    """
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        if not _SURROGATE.search(text):
            raise
    try:
        return json.loads(text.decode(), parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def dump(value: Any) -> bytes:
    """The compact JSON text of a value that `parse` could have given."""
    try:
        return to_json(value)
    except PydanticSerializationError:
        return json.dumps(value, separators=(",", ":")).encode()


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON value")
