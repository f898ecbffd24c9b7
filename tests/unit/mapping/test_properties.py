"""What holds for every mapping and every record: pure, deterministic, total, and fit says exactly what can work."""

import copy
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.mapping.build import TYPES, mapping_of
from tests.unit.mapping.python_types import PYTHON_TYPES
from xkit_operator.api.destination import DestinationSpec, Input, InputType
from xkit_operator.api.sourcemapping import Entry
from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.compile import compile_mapping
from xkit_operator.mapping.explain import Origin, explain
from xkit_operator.mapping.feeding import never_feeds
from xkit_operator.mapping.fit import FitCode, fit
from xkit_operator.mapping.pointer import parse_pointer
from xkit_operator.mapping.rendering import render
from xkit_operator.mapping.result import InputErrorCode, Refused
from xkit_operator.mapping.row import coercion_of, transformation_of

SAMPLES: dict[InputType, Any] = {
    "string": "text",
    "number": 1.5,
    "integer": 5,
    "boolean": False,
    "date": "2021-04-05T00:00:00.000Z",
    "array": [None, 1],
    "object": {"any": None},
}

kinds = st.sampled_from(TYPES)
steps = st.sampled_from(["a", "b", "c", "0", "1"])
pointers = st.lists(steps, max_size=2).map(lambda parts: "".join(f"/{part}" for part in parts)) | st.sampled_from(
    ["a", "#", "#/b"]
)
marks = st.sampled_from(["p", "q/p", "/p", "/q/0"])
"""Where `find` compares: never where the others look."""
units = st.sampled_from(["Auto", "Seconds", "Milliseconds"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
values = st.recursive(
    scalars
    | st.sampled_from(["2021-04-05", "1", "true", "\ud83d"])
    | st.integers(300, 4000).map(lambda digits: 10**digits),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.sampled_from([*"abcpq01"]), children, max_size=4)
    ),
    max_leaves=10,
)
records = st.dictionaries(st.sampled_from([*"abc01"]), values, max_size=4)


@st.composite
def inputs_declared(draw: Callable[[Any], Any], name: str = "it") -> Input:
    kind = draw(kinds)
    optional = draw(st.booleans())
    return Input.model_validate(
        {
            "name": name,
            "type": kind,
            "optional": optional,
            "onInvalid": draw(st.sampled_from(["Fail", "Null"])) if optional else "Fail",
            "items": {"type": draw(kinds)} if kind == "array" and draw(st.booleans()) else None,
        }
    )


def sample(declared: Input) -> Any:
    return [SAMPLES[declared.items.type]] if declared.items else SAMPLES[declared.type]


@st.composite
def entries(draw: Callable[[Any], Any], declared: Input) -> dict[str, Any]:
    """Any entry that the API server would take, whether it fits or not."""
    where = st.fixed_dictionaries({"property": marks, "equals": st.sampled_from([1, "x", True, [0], {"y": None}])})
    literals = st.just(sample(declared)) | st.sampled_from([*SAMPLES.values(), "", 0])
    find = st.fixed_dictionaries({"pointer": pointers, "where": where}, optional={"extract": pointers})
    chosen = draw(
        st.one_of(
            st.fixed_dictionaries({"direct": st.fixed_dictionaries({"pointer": pointers})}),
            st.fixed_dictionaries({"static": st.fixed_dictionaries({"value": literals})}),
            st.fixed_dictionaries({"find": find}),
            st.fixed_dictionaries({"collect": st.fixed_dictionaries({"pointer": pointers, "extract": pointers})}),
            st.fixed_dictionaries({"date": st.fixed_dictionaries({"pointer": pointers, "unit": units})}),
            st.just({"empty": {}}),
        )
    )
    if not chosen.keys() & {"static", "empty"} and draw(st.booleans()):
        chosen = {**chosen, "default": draw(literals)}
    return {"name": declared.name, **chosen}


@st.composite
def pairs(draw: Callable[[Any], Any], name: str = "it") -> tuple[Input, dict[str, Any]]:
    declared = draw(inputs_declared(name))
    return declared, draw(entries(declared))


@st.composite
def fitting(draw: Callable[[Any], Any]) -> tuple[list[Input], list[dict[str, Any]]]:
    """Up to three inputs, each with an entry that fits; optional ones sometimes without."""
    chosen = [pair for number in range(3) if fits(pair := draw(pairs(f"i{number}")))]
    kept = [entry for declared, entry in chosen if not declared.optional or draw(st.integers(0, 3))]
    return [declared for declared, _ in chosen], kept


def destination(inputs: list[Input]) -> DestinationSpec:
    return DestinationSpec.model_validate(
        {"inputs": [one.to_dict() for one in inputs], "functions": {"delete": {"source": "x"}}}
    )


def fits(pair: tuple[Input, dict[str, Any]]) -> bool:
    return not fit(mapping_of([pair[1]]), destination([pair[0]]))


def is_of_type(value: Any, declared: Input) -> bool:
    if type(value) not in PYTHON_TYPES[declared.type]:
        return False
    items = declared.items
    return items is None or all(type(element) in PYTHON_TYPES[items.type] for element in value)


@given(fitting(), records)
def test_any_record_gives_inputs_of_the_declared_types_or_errors(
    chosen: tuple[list[Input], list[dict[str, Any]]], record: dict[str, Any]
) -> None:
    inputs, written = chosen
    resolved = compile_mapping(mapping_of(written), inputs)(record)
    wrong = {error.input for error in resolved.errors}
    assert list(resolved.inputs) == [one.name for one in inputs if one.name not in wrong]
    for one in inputs:
        if one.name in wrong:
            assert 1 <= sum(error.input == one.name for error in resolved.errors) <= 20
        else:
            value = resolved.inputs[one.name]
            assert one.optional if value is None else is_of_type(value, one)
    order = [name for name, _ in itertools.groupby(error.input for error in resolved.errors)]
    assert order == [one.name for one in inputs if one.name in wrong], "in declared order"
    nulls = {error.input for error in resolved.nulled}
    assert all(resolved.inputs[name] is None for name in nulls)
    assert all(one.on_invalid == "Null" for one in inputs if one.name in nulls)
    for error in resolved.errors + resolved.nulled:
        assert len(error.message) <= 300
        assert error.message.encode()


@given(fitting(), records)
def test_a_mapping_is_pure_and_deterministic(
    chosen: tuple[list[Input], list[dict[str, Any]]], record: dict[str, Any]
) -> None:
    inputs, written = chosen
    before = copy.deepcopy(record)
    compiled = compile_mapping(mapping_of(written), inputs)
    first = compiled(record)
    assert record == before
    assert compiled(record) == first
    assert compile_mapping(mapping_of(written[::-1]), inputs)(copy.deepcopy(record)) == first


@given(fitting(), records)
def test_an_error_shows_the_value_at_the_place_that_it_names(
    chosen: tuple[list[Input], list[dict[str, Any]]], record: dict[str, Any]
) -> None:
    inputs, written = chosen
    resolved = compile_mapping(mapping_of(written), inputs)(record)
    for error in resolved.errors + resolved.nulled:
        if error.code is not InputErrorCode.REQUIRED_INPUT_MISSING:
            found: Any = record
            for part in parse_pointer(error.pointer):
                found = found[int(part)] if isinstance(found, list) else found[part]
            assert error.message.endswith(f"found {render(found)}")


@given(fitting(), records)
def test_an_explanation_tells_what_the_mapping_does(
    chosen: tuple[list[Input], list[dict[str, Any]]], record: dict[str, Any]
) -> None:
    inputs, written = chosen
    resolved = compile_mapping(mapping_of(written), inputs)(record)
    told = explain(mapping_of(written), inputs, record)
    assert [one.input for one in told] == [one.name for one in inputs]
    assert {one.input: one.value for one in told if not one.errors} == resolved.inputs
    assert [error for one in told for error in one.errors] == resolved.errors
    assert [error for one in told for error in one.nulled] == resolved.nulled
    for one in told:
        assert (one.value is None) == (one.origin is Origin.NOTHING or bool(one.errors or one.nulled))


@given(pairs(), records)
def test_fit_says_yes_exactly_when_an_entry_compiles(
    pair: tuple[Input, dict[str, Any]], record: dict[str, Any]
) -> None:
    declared, written = pair
    codes = {error.code for error in fit(mapping_of([written]), destination([declared]))}
    try:
        compile_mapping(mapping_of([written]), [declared])(record)
    except InvalidSpec:
        assert codes
    else:
        assert codes <= {FitCode.REQUIRED_INPUT_EMPTY}


@given(pairs().filter(fits))
def test_what_fits_has_a_record_that_fills_it(pair: tuple[Input, dict[str, Any]]) -> None:
    declared, written = pair
    assume("empty" not in written)
    resolved = compile_mapping(mapping_of([written]), [declared])(record_for(declared, Entry.model_validate(written)))
    assert resolved.errors == resolved.nulled == []
    assert is_of_type(resolved.inputs["it"], declared)


@given(pairs(), records)
def test_what_cannot_feed_a_type_never_does(pair: tuple[Input, dict[str, Any]], record: dict[str, Any]) -> None:
    declared, written = pair
    entry = Entry.model_validate(written)
    assume(never_feeds(entry, declared))
    try:
        value = transformation_of(entry, declared).get(record)
        coerced = None if value is None else coercion_of(entry, declared)(value)
    except Refused:
        return
    assert coerced is None or not is_of_type(coerced, declared)


@pytest.mark.parametrize("kind", TYPES)
def test_samples_are_of_their_types(kind: InputType) -> None:
    assert is_of_type(SAMPLES[kind], Input(name="it", type=kind))


def record_for(declared: Input, entry: Entry) -> dict[str, Any]:
    """A record that fills the input, whatever is beside it."""
    wanted = sample(declared)
    if entry.find:
        mark = nested(parse_pointer(entry.find.where.property), entry.find.where.equals)
        inside = parse_pointer(entry.find.extract or "")
        value: Any = [{**mark, **nested(inside, wanted)} if inside else mark]
    elif entry.collect:
        element = SAMPLES[declared.items.type] if declared.items else 1
        value = [nested(parse_pointer(entry.collect.extract), element)]
    else:
        value = SAMPLES["date"] if entry.date else wanted
    place = entry.direct or entry.find or entry.collect or entry.date
    record: dict[str, Any] = nested(parse_pointer(place.pointer), value) if place else {}
    return record


def nested(parts: tuple[str, ...], value: Any) -> Any:
    for part in reversed(parts):
        value = {part: value}
    return value
