"""Explanations: what a dry run says about each input."""

from typing import Any

import pytest

from tests.unit.mapping.build import mapping_of
from xkit_operator.api.destination import Input
from xkit_operator.mapping.explain import Explanation, Origin, explain

FIND = {"find": {"pointer": "/emails", "where": {"property": "type", "equals": "work"}, "extract": "/address"}}


def explained(entry: dict[str, Any] | None, record: dict[str, Any], **declared: Any) -> Explanation:
    entries = [] if entry is None else [{"name": "it", **entry}]
    one = Input.model_validate({"name": "it", "type": "string", "optional": True, **declared})
    [told] = explain(mapping_of(entries), [one], record)
    return told


@pytest.mark.parametrize(
    ("entry", "record", "transformation", "origin", "value", "pointer"),
    [
        ({"direct": {"pointer": "/a"}}, {"a": 1}, "direct", Origin.RECORD, "1", "/a"),
        ({"direct": {"pointer": "a.b"}}, {"a.b": "x"}, "direct", Origin.RECORD, "x", "/a.b"),
        ({"direct": {"pointer": "/a"}}, {}, "direct", Origin.NOTHING, None, "/a"),
        ({"direct": {"pointer": "/a"}, "default": "d"}, {}, "direct", Origin.DEFAULT, "d", "/a"),
        ({"direct": {"pointer": "/a"}, "default": "d"}, {"a": "d"}, "direct", Origin.RECORD, "d", "/a"),
        ({"date": {"pointer": "/a"}}, {"a": 0}, "date", Origin.RECORD, "1970-01-01T00:00:00.000Z", "/a"),
        ({"date": {"pointer": "/a"}, "default": "never"}, {"a": ""}, "date", Origin.DEFAULT, "never", "/a"),
        ({"static": {"value": "s"}}, {}, "static", Origin.STATIC, "s", None),
        ({"empty": {}}, {}, "empty", Origin.NOTHING, None, None),
        (None, {"it": 1}, None, Origin.NOTHING, None, None),
        (FIND, {"emails": [{}, {"type": "work", "address": "w"}]}, "find", Origin.RECORD, "w", "/emails/1/address"),
        (FIND, {"emails": [{"type": "work"}]}, "find", Origin.NOTHING, None, "/emails/0/address"),
        (FIND, {}, "find", Origin.NOTHING, None, "/emails"),
    ],
)
def test_an_explanation_says_where_the_value_came_from(
    entry: dict[str, Any] | None,
    record: dict[str, Any],
    transformation: str | None,
    origin: Origin,
    value: Any,
    pointer: str | None,
) -> None:
    told = explained(entry, record)
    assert (told.transformation, told.origin, told.value, told.pointer) == (transformation, origin, value, pointer)
    assert (told.input, told.type, told.errors, told.nulled) == ("it", "string", (), ())


def test_find_says_which_values_it_saw_when_nothing_matched() -> None:
    emails: list[Any] = [{"type": "home"}, {"type": "Work"}, 1, {"type": "home"}, {}, {"type": None}, {"type": 1}]
    assert explained(FIND, {"emails": emails}).seen == ('"home"', '"Work"', "1")


def test_what_find_saw_is_bounded_in_number_and_length() -> None:
    seen = explained(FIND, {"emails": [{"type": f"{number}" * 200} for number in range(100)]}).seen
    assert seen is not None
    assert len(seen) == 10
    assert max(map(len, seen)) <= 80


@pytest.mark.parametrize("emails", [[{"type": "work"}], None, 1])
def test_find_says_nothing_of_what_it_saw_when_an_element_matched_or_no_array_was_there(emails: Any) -> None:
    assert explained(FIND, {"emails": emails}).seen is None


def test_find_in_an_empty_array_saw_nothing() -> None:
    assert explained(FIND, {"emails": []}).seen == ()


def test_errors_are_told_instead_of_a_value() -> None:
    told = explained({"direct": {"pointer": "/a"}}, {"a": "x"}, type="integer", optional=False)
    assert [(error.code, error.pointer) for error in told.errors] == [("NotCoercible", "/a")]
    assert (told.value, told.origin) == (None, Origin.RECORD)


def test_a_required_input_without_a_value_came_from_nothing() -> None:
    told = explained({"direct": {"pointer": "/a"}}, {}, optional=False)
    assert [error.code for error in told.errors] == ["RequiredInputMissing"]
    assert told.origin is Origin.NOTHING


def test_a_value_that_became_null_is_told_with_its_reason() -> None:
    told = explained({"direct": {"pointer": "/a"}}, {"a": "x"}, type="integer", onInvalid="Null")
    assert [(error.code, error.pointer) for error in told.nulled] == [("NotCoercible", "/a")]
    assert (told.value, told.origin, told.errors) == (None, Origin.RECORD, ())


def test_the_type_of_a_typed_array_is_told_in_full() -> None:
    entry = {"collect": {"pointer": "/a", "extract": "/b"}}
    told = explained(entry, {"a": [{"b": 1}]}, type="array", items={"type": "string"})
    assert (told.type, told.value, told.pointer) == ("array of string", ["1"], "/a")
