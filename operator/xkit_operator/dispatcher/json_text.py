"""JSON as JavaScript takes it: lone surrogates are kept, and leave as escapes.

msgspec refuses lone surrogates (common in truncated texts) in both directions, and numbers beyond every double: the
standard library takes over for those few. Integers keep all their digits; what no double holds becomes infinite.
"""

import gc
import json
import re
from typing import Any, TypeVar

from msgspec import DecodeError, ValidationError, to_builtins
from msgspec.json import Decoder, Encoder

MOST_LEVELS = 200
"""Whoever walks through a value may count on it; msgspec itself goes as deep as there is room on the stack."""
MOST_VALUES = 200_000
"""In one body. Parsing one holds up everybody else, health too: 20 to 80 ms at the bound, 130 when all names differ."""
MOST_AT_FIRST_SIGHT = 2**20
"""Bytes of a text that `read` takes: a larger one that is read again would hold up everybody else for too long."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_CONTAINERS = frozenset((dict, list))
_DECODER: Decoder[Any] = Decoder()
_ENCODER = Encoder()

Value = TypeVar("Value")


class TooManyValues(ValueError):
    """A text that may well be JSON, but takes too long to read."""


def parse_bounded(text: bytes) -> Any:
    """As `parse`, of a text that somebody else has written. Raises TooManyValues, which is a ValueError."""
    if _has_too_many(text):
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


def read(text: bytes, decoder: Decoder[Value]) -> Value | None:
    """What `decoder` makes of somebody else's text, of any depth; None where parse_bounded should have a look."""
    if len(text) > MOST_AT_FIRST_SIGHT or _has_too_many(text):
        return None
    gc.disable()
    try:
        return decoder.decode(text)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
    finally:
        gc.enable()


def _parse(text: bytes) -> Any:
    try:
        value = _DECODER.decode(text)
    except ValidationError:  # a number beyond every double: with no type to keep, nothing else is one
        value = _parse_slowly(text)
    except (DecodeError, RecursionError) as error:
        if not _SURROGATE.search(text):
            raise ValueError(str(error)) from error
        value = _parse_slowly(text)
    if len(text) > 2 * MOST_LEVELS and is_deeper(value, MOST_LEVELS):
        raise ValueError("nested too deeply")
    return value


def _parse_slowly(text: bytes) -> Any:
    try:
        return json.loads(text.decode(), parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def dump(value: Any) -> bytes:
    """The compact JSON text of a value as `parse` gives it, or of a Struct of such; what is infinite becomes null."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return json.dumps(to_builtins(value), separators=(",", ":")).encode()


def is_deeper(value: Any, levels: int) -> bool:
    """Whether arrays and objects are nested more than `levels` deep in `value`, itself included."""
    level: list[Any] = [[value]]
    for _ in range(levels + 1):
        level = [
            inner
            for one in level
            for inner in (one.values() if type(one) is dict else one)
            if type(inner) in _CONTAINERS
        ]
        if not level:
            return False
    return True


def _has_too_many(text: bytes) -> bool:
    return len(text) > MOST_VALUES and _count(text) > MOST_VALUES and _count(_without_texts(text)) > MOST_VALUES


def _count(text: bytes) -> int:
    """No fewer than its values, for each but the first follows one of these; those within texts count as well."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")


def _without_texts(text: bytes) -> bytes:
    """`text` without what is between quotes; with more quotes than its values could have, as it is."""
    bare = text.replace(rb"\\", b"").replace(rb"\"", b"")
    if bare.count(b'"') > 4 * MOST_VALUES:  # a value is at most a text with another as its name
        return text
    return b"".join(bare.split(b'"')[::2])


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON value")
