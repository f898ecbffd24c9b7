"""A compiled mapping: what it makes of records."""

import copy
import itertools
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from xkit_operator.api.destination import Input, InputType
from xkit_operator.api.sourcemapping import SourceMappingSpec
from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.compile import compile_mapping

TYPES: tuple[InputType, ...] = get_args(InputType)


def mapping(**entries: dict[str, Any]) -> SourceMappingSpec:
    inputs = [{"name": name, **entry} for name, entry in entries.items()]
    return SourceMappingSpec.model_validate(
        {"destinationRef": {"name": "d"}, "source": {"slug": "s"}, "inputs": inputs}
    )


def direct(pointer: str) -> dict[str, Any]:
    return {"direct": {"pointer": pointer}}


def static(value: Any) -> dict[str, Any]:
    return {"static": {"value": value}}


def required(name: str, kind: InputType = "string") -> Input:
    return Input(name=name, type=kind)


def optional(name: str, kind: InputType = "string") -> Input:
    return Input(name=name, type=kind, optional=True)


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


@pytest.mark.parametrize(("written", "pointer"), [("a/b~c", "/a~1b~0c"), ("#/a%20b", "/a b"), ("", ""), ("/x", "/x")])
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


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.sampled_from("abcd"), children, max_size=4),
    max_leaves=10,
)
records = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)
pointers = st.lists(st.sampled_from(["a", "b", "c", "d", "0", "1", "-"]), max_size=3).map(
    lambda p: "".join(f"/{s}" for s in p)
)
entries = st.tuples(pointers, st.sampled_from(TYPES), st.booleans())


@given(records, st.lists(entries, min_size=1, max_size=6))
def test_any_record_gives_typed_inputs_or_errors_again_and_again(
    record: dict[str, Any], chosen: list[tuple[str, InputType, bool]]
) -> None:
    names = [f"i{number}" for number in range(len(chosen))]
    spec = mapping(**{name: direct(pointer) for name, (pointer, _, _) in zip(names, chosen, strict=True)})
    inputs = [Input(name=name, type=kind, optional=may) for name, (_, kind, may) in zip(names, chosen, strict=True)]
    before = copy.deepcopy(record)
    first = compile_mapping(spec, inputs)(record)
    assert record == before
    assert compile_mapping(spec, inputs)(record) == first
    wrong = {error.input for error in first.errors}
    assert list(first.inputs) == [name for name in names if name not in wrong]
    for name, (_, _, may) in zip(names, chosen, strict=True):
        assert may or first.inputs.get(name, "") is not None
    order = [error.input for error in first.errors]
    assert [name for name, _ in itertools.groupby(order)] == sorted(set(order))
