"""Equality of JSON values as `find` understands it: typed, deep, and exact.

1 equals 1.0, but neither true nor "1"; texts are compared case by case; the order of members does not matter.
"""

from collections.abc import Callable
from typing import Any

_NUMBERS = (int, float)


def equal_to(literal: Any) -> Callable[[Any], bool]:
    """A function that says whether a value equals `literal`; the one for a scalar is made for speed."""
    kind = type(literal)
    if kind is str:
        return lambda value: bool(value == literal)  # nothing else in JSON equals a text
    if kind in _NUMBERS:
        return lambda value: type(value) in _NUMBERS and bool(value == literal)
    if kind is bool:
        return lambda value: value is literal
    return lambda value: _equal(value, literal)


def _equal(one: Any, other: Any) -> bool:
    kind = type(one)
    if kind is dict:
        return (
            type(other) is dict
            and len(one) == len(other)
            and all(name in other and _equal(value, other[name]) for name, value in one.items())
        )
    if kind is list:
        return type(other) is list and len(one) == len(other) and all(map(_equal, one, other))
    if kind in _NUMBERS:
        return type(other) in _NUMBERS and bool(one == other)
    return type(other) is kind and bool(one == other)
