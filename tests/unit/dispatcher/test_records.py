"""The envelope of a record: what is taken, and that every mistake is named at once."""

import dataclasses
from typing import Any

import msgspec.structs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.dispatcher.intake.fields import MOST_UNKNOWN
from xkit_operator.dispatcher.intake.records import Malformed, Record, parse_record

GOOD: dict[str, Any] = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"a": 1}}


def faults(value: Any) -> list[tuple[str, str]]:
    found = parse_record(value)
    assert isinstance(found, Malformed)
    return [(error.code, error.pointer) for error in found.errors]


def test_what_is_not_given_has_its_default() -> None:
    one, other = parse_record(GOOD), parse_record({**GOOD, "id": None, "key": None, "context": None, "attempt": None})
    for found in (one, other):
        assert isinstance(found, Record)
        assert (found.connection, found.context, found.key, found.time, found.attempt) == ({}, {}, None, None, 1)
    assert one.id != other.id  # type: ignore[union-attr]


def test_what_is_given_is_passed_on_unchanged() -> None:
    source = {"slug": "hubspot", "object": "contact", "portal": [1, None]}
    found = parse_record(
        {
            "id": "1",
            "operation": "delete",
            "source": source,
            "connection": {"id": "c"},
            "context": {"b": {"c": 2}},
            "record": {},
            "key": "k",
            "time": "2026-01-01T00:00:00Z",
            "attempt": 3,
        }
    )
    assert isinstance(found, Record)
    assert (found.source, found.slug, found.object) == (source, "hubspot", "contact")
    assert (found.connection, found.context, found.record) == ({"id": "c"}, {"b": {"c": 2}}, {})
    assert (found.id, found.attempt, found.time, found.key) == ("1", 3, "2026-01-01T00:00:00Z", "k")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"surprise": 1}, "UnknownField", "/surprise"),
        ({"a/b~c": 1}, "UnknownField", "/a~1b~0c"),
        ({"operation": None}, "RequiredFieldMissing", "/operation"),
        ({"operation": "create"}, "InvalidField", "/operation"),
        ({"operation": ["upsert"]}, "InvalidField", "/operation"),
        ({"source": None}, "RequiredFieldMissing", "/source"),
        ({"source": "hubspot"}, "InvalidField", "/source"),
        ({"source": {}}, "RequiredFieldMissing", "/source/slug"),
        ({"source": {"slug": ""}}, "InvalidField", "/source/slug"),
        ({"source": {"slug": "a", "object": 1}}, "InvalidField", "/source/object"),
        ({"record": None}, "RequiredFieldMissing", "/record"),
        ({"record": [1]}, "InvalidField", "/record"),
        ({"context": []}, "InvalidField", "/context"),
        ({"connection": "c"}, "InvalidField", "/connection"),
        ({"id": 7}, "InvalidField", "/id"),
        ({"id": ""}, "InvalidField", "/id"),
        ({"key": 1}, "InvalidField", "/key"),
        ({"time": 0}, "InvalidField", "/time"),
        ({"attempt": 0}, "InvalidField", "/attempt"),
        ({"attempt": True}, "InvalidField", "/attempt"),
        ({"attempt": 1.5}, "InvalidField", "/attempt"),
        ({"context": {"a": [float("inf")]}}, "NumberOutOfRange", "/context"),
        ({"connection": {"a": 10**309}}, "NumberOutOfRange", "/connection"),
        ({"source": {"slug": "a", "n": -(10**309)}}, "NumberOutOfRange", "/source"),
    ],
)
def test_a_mistake_is_named(change: dict[str, Any], code: str, pointer: str) -> None:
    assert faults({**GOOD, **change}) == [(code, pointer)]


def test_all_mistakes_are_named_at_once() -> None:
    assert faults({"source": {}, "attempt": -1, "x": 1}) == [
        ("RequiredFieldMissing", "/operation"),
        ("RequiredFieldMissing", "/source/slug"),
        ("RequiredFieldMissing", "/record"),
        ("InvalidField", "/attempt"),
        ("UnknownField", "/x"),
    ]


def test_a_traceparent_goes_with_the_record_and_with_its_mistakes() -> None:
    found = parse_record(GOOD, "00-a-b-01")
    assert isinstance(found, Record)
    assert found.traceparent == "00-a-b-01"
    assert parse_record({}, "00-a-b-01").traceparent == "00-a-b-01"


def test_of_endless_mistakes_the_first_ones_are_named() -> None:
    assert len(faults({**GOOD, **{f"x{number}": 1 for number in range(10 * MOST_UNKNOWN)}})) == MOST_UNKNOWN


def test_an_endless_name_is_not_repeated_whole() -> None:
    [(code, pointer)] = faults({**GOOD, "x" * 2**20: 1})
    assert code == "UnknownField"
    assert len(pointer) < 1000


@pytest.mark.parametrize("value", [None, 1, "record", [GOOD]])
def test_a_record_is_an_object(value: Any) -> None:
    assert faults(value) == [("InvalidField", "")]


def test_a_number_that_no_double_can_hold_is_fine_in_the_record_which_has_its_mapping() -> None:
    assert isinstance(parse_record({**GOOD, "record": {"a": float("inf"), "b": 10**400}}), Record)


_TEXTS = st.sampled_from(["", "a"])
_VALUES = st.one_of(st.none(), _TEXTS, st.integers(0, 1), st.sampled_from([10**400, float("inf")]))
_OBJECTS = st.dictionaries(st.sampled_from(["slug", "object", "more"]), st.one_of(_VALUES, st.lists(_VALUES)))


@given(
    st.fixed_dictionaries(
        {"id": st.one_of(st.just("1"), _VALUES), "operation": st.sampled_from(["upsert", "delete", "create", None])},
        optional={
            **dict.fromkeys(("source", "connection", "context", "record"), st.one_of(_VALUES, _OBJECTS)),
            **dict.fromkeys(("key", "time", "surprise"), _VALUES),
        },
    )
)
def test_null_says_the_same_as_nothing(envelope: dict[str, Any]) -> None:
    one, other = parse_record(envelope), parse_record({**envelope, "attempt": None})
    if envelope["id"] != "1":  # then it is made up, each time another one
        one, other = _without_id(one), _without_id(other)
    assert one == other


def _without_id(found: Record | Malformed) -> Record | Malformed:
    if isinstance(found, Record):
        return msgspec.structs.replace(found, id="-")
    return dataclasses.replace(found, record_id=None)
