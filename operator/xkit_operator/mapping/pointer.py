"""Pointers: places in a record, as RFC 6901 JSON Pointers, in its URI fragment form, or as the bare name of one member.

A pointer is parsed once, when a mapping is applied or compiled; the getter made from it runs on every record. What is
not there is None, as null is: nothing about a record makes a getter fail.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from xkit_operator.errors import InvalidSpec

Getter = Callable[[Any], Any]

_BAD_ESCAPE = re.compile(r"~(?![01])")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INDEX = re.compile(r"0|[1-9][0-9]*")


def parse_pointer(text: str) -> tuple[str, ...]:
    """The names of the members, and indices of the elements, to step through.

    Raises InvalidSpec when the text is no pointer.
    """
    if is_bare_name(text):
        return (text,)
    path = _decoded_fragment(text) if text.startswith("#") else text
    if path and not path.startswith("/"):
        raise InvalidSpec("what follows # must be empty or start with /")
    if _BAD_ESCAPE.search(path):
        raise InvalidSpec("~ must be followed by 0 (for ~) or 1 (for /)")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def format_pointer(parts: Sequence[str | int]) -> str:
    """The JSON Pointer of a place."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def is_bare_name(text: str) -> bool:
    """Whether the text is the name of one member: no splitting, no escapes."""
    return not text.startswith(("/", "#")) and text != ""


def getter(parts: Sequence[str]) -> Getter:
    """A function from a record to the value at a place, None when it is absent."""
    if not parts:
        return lambda record: record
    if len(parts) == 1:
        name = parts[0]
        return lambda record: record.get(name) if type(record) is dict else _element(record, name)

    def get(record: Any) -> Any:
        for part in parts:
            record = record.get(part) if type(record) is dict else _element(record, part)
            if record is None:
                return None
        return record

    return get


def _element(value: Any, part: str) -> Any:
    if type(value) is not list or not _INDEX.fullmatch(part):
        return None
    # an index with more digits than the length has is out of range, and may be too long for int()
    return value[int(part)] if len(part) <= len(str(len(value))) and int(part) < len(value) else None


def _decoded_fragment(text: str) -> str:
    if _BAD_PERCENT.search(text):
        raise InvalidSpec("% must be followed by two hexadecimal digits")
    try:
        return unquote_to_bytes(text[1:]).decode()
    except UnicodeError as error:
        raise InvalidSpec("the percent-encoded bytes are not UTF-8") from error
