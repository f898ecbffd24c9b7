"""The coercion table, case by case, and what must hold for every value."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from tests.unit.mapping.build import TYPES, direct, mapping, same
from tests.unit.mapping.python_types import PYTHON_TYPES
from xkit_operator.api.destination import Input, InputType
from xkit_operator.mapping.coercion import COERCIONS
from xkit_operator.mapping.compile import CompiledMapping, compile_mapping
from xkit_operator.mapping.result import InputErrorCode, Refused

VECTORS = Path(__file__).parents[2] / "vectors" / "mapping-coercion.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))


def compiled(kind: InputType, *, optional: bool) -> CompiledMapping:
    return compile_mapping(mapping(it=direct("/v")), [Input(name="it", type=kind, optional=optional)])


@pytest.mark.parametrize("optional", [True, False], ids=["optional", "required"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']}:{case['value'][:40]}")
def test_the_coercion_table(case: dict[str, Any], optional: bool) -> None:  # noqa: FBT001 - a parameter of the test
    record = from_json(f'{{"v": {case["value"]}}}', allow_inf_nan=False)
    resolved = compiled(case["type"], optional=optional)(record)
    if "gives" in case:
        assert resolved.errors == []
        assert same(resolved.inputs["it"], case["gives"]), resolved.inputs
    elif "error" in case:  # an error even when the input is optional: null would erase data
        assert {error.code for error in resolved.errors} == {case["error"]}
        assert resolved.inputs == {}
    elif optional:
        assert (resolved.inputs, resolved.errors) == ({"it": None}, [])
    else:
        assert [(error.code, error.pointer) for error in resolved.errors] == [("RequiredInputMissing", "/v")]


@pytest.mark.parametrize("kind", TYPES)
def test_the_table_has_accepted_and_refused_values_for_every_type(kind: InputType) -> None:
    of_type = [case for case in CASES if case["type"] == kind]
    assert any("gives" in case for case in of_type)
    assert any("error" in case for case in of_type)


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(300, 5000).map(lambda digits: 10**digits)
    | st.floats(allow_nan=False)
    | st.text()
    | st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,25})?", fullmatch=True)
    | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?Z?", fullmatch=True)
)
json_values = st.recursive(
    scalars,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)


def outcome(kind: InputType, value: Any) -> Any:
    """What a coercion gives, or its refusal."""
    try:
        return COERCIONS[kind](value)
    except Refused as refused:
        return refused


@given(json_values.filter(lambda value: value is not None))
def test_any_value_becomes_the_type_or_is_refused_by_a_code(value: Any) -> None:
    for kind in TYPES:
        result = outcome(kind, value)
        if isinstance(result, Refused):
            assert 1 <= len(result.faults) <= 20
            assert all(isinstance(fault.code, InputErrorCode) for fault in result.faults)
        elif result is None:
            assert value == ""
        else:
            assert type(result) in PYTHON_TYPES[kind]
            assert outcome(kind, result) == result, "what was coerced is left as it is"


@given(st.lists(st.integers(0, 60)))
def test_no_more_than_twenty_errors_tell_of_one_input(places: list[int]) -> None:
    value = [float("inf") if place in places else place for place in range(60)]
    expected = [f"/v/{place}" for place in sorted(set(places)) if place < 60][:20]
    errors = compiled("array", optional=True)({"v": value}).errors
    assert [error.pointer for error in errors] == expected
