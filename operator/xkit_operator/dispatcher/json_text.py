"""JSON as JavaScript takes it: lone surrogates are kept, and leave as escapes.

pydantic_core refuses both directions of a lone surrogate (common in truncated texts), so the standard library
takes over for those few. Integers keep all their digits; a number beyond every double becomes infinite.
"""

import gc
import json
import re
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json

MOST_LEVELS = 201
"""The bound of pydantic_core: whoever walks through a value may count on it."""
MOST_VALUES = 200_000
"""In one body. Parsing one holds up everybody else, health too: 20 to 80 ms at the bound, 130 when all names differ."""
_CACHED = 2**20
"""Bytes from which names are not shared: it halves the time for a batch, and doubles that for many different ones."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class TooManyValues(ValueError):
    """A text that may well be JSON, but takes too long to read."""


def parse_bounded(text: bytes) -> Any:
    """As `parse`, of a text that somebody else has written. Raises TooManyValues, which is a ValueError."""
    if len(text) > MOST_VALUES and _count(text) > MOST_VALUES and _count(_without_texts(text)) > MOST_VALUES:
        raise TooManyValues(f"at most {MOST_VALUES} values, counting arrays, objects and what is in them")
    return parse(text)


def parse(text: bytes) -> Any:
    """The value of `text`.

    Raises ValueError when it is no JSON text, or has arrays and objects nested more than MOST_LEVELS deep.
    """
    gc.disable()  # a value has no cycles, and looking for them again and again takes longer than parsing it
    try:
        return _parse(text)
    finally:
        gc.enable()


def _parse(text: bytes) -> Any:
    try:
        return from_json(text, allow_inf_nan=False, cache_strings="keys" if len(text) < _CACHED else "none")
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


def _count(text: bytes) -> int:
    """No fewer than its values, for each but the first follows one of these; those within texts count as well."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")


def _without_texts(text: bytes) -> bytes:
    """`text` without what is between quotes; with more quotes than its values could have, as it is."""
    bare = text.replace(rb"\\", b"").replace(rb"\"", b"")
    if bare.count(b'"') > 4 * MOST_VALUES:  # a value is at most a text with another as its name
        return text
    return b"".join(bare.split(b'"')[::2])


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        containers = [one for one in level if type(one) is dict or type(one) is list]
        level = [child for one in containers for child in (one.values() if type(one) is dict else one)]
    return bool(level)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON value")
