"""A compiled mapping: what it makes of records."""

from typing import Any

import pytest
from pydantic_core import from_json

from tests.unit.mapping.build import TYPES, direct, mapping, optional, required, static
from xkit_operator.api.destination import InputType
from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.compile import compile_mapping


def test_inputs_have_exactly_the_declared_names_in_their_order() -> None:
    resolve = compile_mapping(
        mapping(b=direct("/b"), extra=static(1), a=direct("/a")), [required("a"), required("b"), optional("c")]
    )
    assert list(resolve({"a": "1", "b": "2", "d": "3"}).inputs.items()) == [("a", "1"), ("b", "2"), ("c", None)]


def test_direct_takes_what_the_pointer_finds() -> None:
    assert compile_mapping(mapping(a=direct("/x/1/y")), [required("a")])({"x": [0, {"y": "z"}]}).inputs == {"a": "z"}


def test_direct_feeds_a_date_as_a_date() -> None:
    resolve = compile_mapping(mapping(at=direct("at")), [required("at", "date")])
    assert resolve({"at": 1617625845}).inputs == {"at": "2021-04-05T12:30:45.000Z"}


def test_static_gives_its_value_for_every_record() -> None:
    resolve = compile_mapping(
        mapping(kind=static("contact"), n=static(5.0)), [required("kind"), required("n", "integer")]
    )
    assert resolve({}).inputs == resolve({"kind": "other"}).inputs == {"kind": "contact", "n": 5}


def test_a_static_empty_text_is_a_value() -> None:
    assert compile_mapping(mapping(a=static("")), [required("a")])({}).errors == []


def test_a_static_date_is_delivered_in_the_date_form() -> None:
    resolve = compile_mapping(mapping(at=static("2021-04-05")), [required("at", "date")])
    assert resolve({}).inputs == {"at": "2021-04-05T00:00:00.000Z"}


def test_empty_leaves_an_optional_input_null() -> None:
    assert compile_mapping(mapping(a={"empty": {}}), [optional("a")])({"a": "1"}).inputs == {"a": None}


def test_all_errors_of_a_record_are_told_in_declared_order() -> None:
    resolve = compile_mapping(
        mapping(c=direct("/c"), b=direct("/b/x"), a=direct("/a"), ok=direct("/ok")),
        [required("b"), required("c", "integer"), optional("a", "date"), required("ok")],
    )
    resolved = resolve({"c": 1.5, "a": "soon", "ok": "fine"})
    assert [(error.input, error.code, error.pointer) for error in resolved.errors] == [
        ("b", "RequiredInputMissing", "/b/x"),
        ("c", "NotCoercible", "/c"),
        ("a", "NotADate", "/a"),
    ]
    assert resolved.inputs == {"ok": "fine"}


@pytest.mark.parametrize(("written", "pointer"), [("a/b~c", "/a~1b~0c"), ("#/a%20b", "/a b"), ("/", "/"), ("/x", "/x")])
def test_an_error_names_the_place_as_a_json_pointer(written: str, pointer: str) -> None:
    resolve = compile_mapping(mapping(a=direct(written)), [required("a", "array")])
    assert [error.pointer for error in resolve({}).errors] == [pointer]


def test_an_error_inside_a_value_names_the_place_inside() -> None:
    resolve = compile_mapping(mapping(a=direct("/x")), [required("a", "object")])
    (error,) = resolve(from_json('{"x": {"m/n": [0, 1e400]}}')).errors
    assert (error.code, error.pointer) == ("OutOfRange", "/x/m~1n/1")


def test_a_required_input_that_nothing_fills_is_missing_in_every_record() -> None:
    assert [error.code for error in compile_mapping(mapping(), [required("a")])({"a": 1}).errors] == [
        "RequiredInputMissing"
    ]


def test_a_message_names_the_input_its_type_and_the_value() -> None:
    resolve = compile_mapping(mapping(score=direct("/score")), [required("score", "integer")])
    (error,) = resolve({"score": "12.5"}).errors
    assert all(part in error.message for part in ("score", "integer", '"12.5"'))


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10_000,
        "😀" * 500,
        "\ud83d" * 500,
        '"' * 500,
        ["y" * 10_000] * 3,
        {"k" * 9000: 1},
        10**4000,
        10**5000,
        [10**5000],
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_message_is_short_and_can_be_sent_whatever_was_found(value: Any) -> None:
    long_name = "n" * 63
    for kind in TYPES:
        for error in compile_mapping(mapping(**{long_name: direct("/" + "p" * 1000)}), [required(long_name, kind)])(
            {"p" * 1000: value}
        ).errors:
            assert len(error.message) <= 300
            assert error.message.encode()


def test_a_missing_input_far_away_has_a_short_message_too() -> None:
    (error,) = compile_mapping(mapping(a=direct("/" + "p" * 1000)), [required("a")])({}).errors
    assert len(error.message) <= 300


def test_a_pointer_that_does_not_parse_is_refused() -> None:
    with pytest.raises(InvalidSpec):
        compile_mapping(mapping(a=direct("/~")), [required("a")])


@pytest.mark.parametrize(
    ("kind", "value"),
    [("integer", "5"), ("string", True), ("string", 1), ("number", "1"), ("boolean", 1), ("date", 0), ("array", {})],
)
def test_a_static_value_of_another_type_is_refused(kind: InputType, value: Any) -> None:
    with pytest.raises(InvalidSpec):
        compile_mapping(mapping(a=static(value)), [required("a", kind)])
