"""What counts as a difference between an expectation and what came."""

from typing import Any

import pytest

from xkit_operator.golden.compare import compare

SAME: list[tuple[Any, Any]] = [
    (1, 1.0),
    ({"a": 1}, {"a": 1, "b": 2}),
    ([{"a": 1}], [{"a": 1, "b": 2}]),
    (None, None),
    ({}, {"a": 1}),
]
OTHER: list[tuple[Any, Any, str]] = [
    (1, True, ""),
    (0, False, ""),
    (1, "1", ""),
    (None, 0, ""),
    ({"a": None}, {}, ".a"),
    ([1], [1, 2], "[1]"),
    ([1, 2], [1], "[1]"),
    ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ".a[0].b"),
    ([], {}, ""),
    ({"a": 1}, None, ""),
]


@pytest.mark.parametrize(("expected", "actual"), SAME)
def test_an_object_has_at_least_what_is_named(expected: Any, actual: Any) -> None:
    assert list(compare("body", expected, actual)) == []


@pytest.mark.parametrize(("expected", "actual", "place"), OTHER)
def test_a_difference_names_its_place(expected: Any, actual: Any, place: str) -> None:
    assert [one.place for one in compare("body", expected, actual)] == [f"body{place}"]


def test_exactly_means_nothing_more() -> None:
    (difference,) = compare("inputs", {"a": 1}, {"a": 1, "b": None}, exactly=True)
    assert (difference.place, difference.expected, difference.actual) == ("inputs.b", "nothing", "null")
