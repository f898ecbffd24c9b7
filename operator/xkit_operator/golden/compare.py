"""What differs between an expectation and what came, field by field. Pure.

An object is expected to have at least the members that are named, unless it is compared exactly; an array has exactly
the elements that are. 1 is 1.0, and neither is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xkit_operator.dispatcher import json_text

_ABSENT = "nothing"


@dataclass(frozen=True)
class Difference:
    """One place where the two are not the same; both sides as text."""

    place: str
    expected: str
    actual: str


def compare(place: str, expected: Any, actual: Any, *, exactly: bool = False) -> Iterator[Difference]:
    """Every difference at `place` and below."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            if name in actual:
                yield from compare(f"{place}.{name}", value, actual[name], exactly=exactly)
            else:
                yield Difference(f"{place}.{name}", text(value), _ABSENT)
        if exactly:
            yield from (
                Difference(f"{place}.{name}", _ABSENT, text(value))
                for name, value in actual.items()
                if name not in expected
            )
    elif isinstance(expected, list) and isinstance(actual, list):
        for index in range(max(len(expected), len(actual))):
            here = f"{place}[{index}]"
            if index >= len(actual):
                yield Difference(here, text(expected[index]), _ABSENT)
            elif index >= len(expected):
                yield Difference(here, _ABSENT, text(actual[index]))
            else:
                yield from compare(here, expected[index], actual[index], exactly=exactly)
    elif not _same(expected, actual):
        yield Difference(place, text(expected), text(actual))


def text(value: Any) -> str:
    """A value as JSON."""
    return json_text.dump(value).decode()


def _same(expected: Any, actual: Any) -> bool:
    return isinstance(expected, bool) == isinstance(actual, bool) and bool(expected == actual)
