"""Each transformation on records, case by case: what it gives, and which place in the record an error names."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.mapping.build import mapping_of, same
from xkit_operator.api.destination import DestinationSpec, Input
from xkit_operator.mapping.compile import compile_mapping
from xkit_operator.mapping.equality import equal_to
from xkit_operator.mapping.fit import fit
from xkit_operator.mapping.result import InputError, InputErrorCode, Resolved

VECTORS = Path(__file__).parents[2] / "vectors" / "mapping-transformations.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))


def resolve(case: dict[str, Any]) -> Resolved:
    return compile_mapping(mapping_of([case["entry"]]), [Input.model_validate(case["input"])])(case["record"])


def places(errors: list[InputError]) -> list[list[str]]:
    return [[error.code.value, error.pointer] for error in errors]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_table_of_transformations(case: dict[str, Any]) -> None:
    resolved = resolve(case)
    assert places(resolved.errors) == case.get("errors", [])
    assert places(resolved.nulled) == case.get("nulled", [])
    if "errors" not in case:
        assert same(resolved.inputs, {"it": case["gives"]}), resolved.inputs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_mapping_of_the_table_fits(case: dict[str, Any]) -> None:
    spec = {"inputs": [case["input"]], "functions": {"upsert": {"source": "x"}}}
    assert fit(mapping_of([case["entry"]]), DestinationSpec.model_validate(spec)) == []


def test_the_table_has_every_transformation_and_every_code() -> None:
    codes = {code for case in CASES for code, _ in case.get("errors", [])}
    assert codes == {code.value for code in InputErrorCode}
    kinds = {kind for case in CASES for kind in case["entry"]} - {"name", "default"}
    assert kinds == {"direct", "static", "find", "collect", "date", "empty"}


def test_an_error_of_find_says_whether_nothing_matched_or_nothing_was_there() -> None:
    find = {"name": "it", "find": {"pointer": "/e", "where": {"property": "k", "equals": 1}, "extract": "/v"}}
    case = {"input": {"name": "it", "type": "string"}, "entry": find}
    messages = [resolve({**case, "record": record}).errors[0].message for record in ({"e": []}, {}, {"e": [{"k": 1}]})]
    assert "no element at /e matches" in messages[0]
    assert "nothing at /e" in messages[1]
    assert "nothing at /e/0/v" in messages[2]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=2), children, max_size=3),
    max_leaves=6,
)


@given(json_values, json_values)
def test_equality_is_that_of_json(one: Any, other: Any) -> None:
    assert equal_to(one)(other) == equal_to(other)(one) == same(one, other)


@given(json_values)
def test_everything_equals_itself_written_again(value: Any) -> None:
    assert equal_to(value)(json.loads(json.dumps(value)))
