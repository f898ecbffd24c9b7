"""Pointers: what parses, and what they find."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.pointer import format_pointer, getter, parse_pointer

VECTORS = Path(__file__).parents[2] / "vectors" / "mapping-pointers.json"
TABLE: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
FOUND = [case for case in TABLE["cases"] if case.get("parses", True)]
REFUSED = [case for case in TABLE["cases"] if not case.get("parses", True)]


def name(case: dict[str, Any]) -> str:
    return repr(case["pointer"])


@pytest.mark.parametrize("case", FOUND, ids=name)
def test_a_pointer_finds_its_value_or_nothing(case: dict[str, Any]) -> None:
    assert getter(parse_pointer(case["pointer"]))(TABLE["record"]) == case.get("gives")


@pytest.mark.parametrize("case", REFUSED, ids=name)
def test_what_is_no_pointer_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidSpec):
        parse_pointer(case["pointer"])


@given(st.text())
def test_any_text_is_a_pointer_or_is_refused(text: str) -> None:
    try:
        parts = parse_pointer(text)
    except InvalidSpec:
        return
    assert all(isinstance(part, str) for part in parts)


@given(st.lists(st.text()))
def test_a_place_that_is_written_is_read_again(parts: list[str]) -> None:
    assert parse_pointer(format_pointer(parts)) == tuple(parts)


@given(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_nothing_about_a_record_makes_a_pointer_fail(text: str, value: Any) -> None:
    for parts in ((text,), ("v", text), ("v", "0", text)):
        getter(parts)({"v": value})
