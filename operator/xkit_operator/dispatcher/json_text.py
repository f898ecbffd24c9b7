"""JSON as JavaScript takes it: lone surrogates are kept, and leave as escapes.

pydantic_core refuses both directions of a lone surrogate (common in truncated texts), so the standard library
takes over for those few. Integers keep all their digits; a number beyond every double becomes infinite.
"""

import json
import re
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json

MOST_LEVELS = 201
"""The bound of pydantic_core: whoever walks through a value may count on it."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(text: bytes) -> Any:
    """The value of `text`.

    Raises ValueError when it is no JSON text, or has arrays and objects nested more than MOST_LEVELS deep.
    """
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        if not _SURROGATE.search(text):
            raise
    try:
        value = json.loads(text.decode(), parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if _is_too_deep(value):
        raise ValueError("nested too deeply")
    return value


def dump(value: Any) -> bytes:
    """The compact JSON text of a value that `parse` could have given."""
    try:
        return to_json(value)
    except PydanticSerializationError:
        return json.dumps(value, separators=(",", ":")).encode()


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        containers = [one for one in level if type(one) is dict or type(one) is list]
        level = [child for one in containers for child in (one.values() if type(one) is dict else one)]
    return bool(level)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON value")
