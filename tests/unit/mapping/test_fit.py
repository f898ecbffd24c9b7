"""Whether a mapping satisfies a Destination."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.mapping.build import mapping_of
from xkit_operator.api.destination import DestinationSpec
from xkit_operator.api.sourcemapping import SourceMappingSpec
from xkit_operator.errors import InvalidSpec
from xkit_operator.mapping.compile import compile_mapping
from xkit_operator.mapping.fit import FitCode, fit, unmapped, warnings

VECTORS = Path(__file__).parents[2] / "vectors" / "mapping-fit.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))


def destination(case: dict[str, Any]) -> DestinationSpec:
    return DestinationSpec.model_validate({"inputs": case["declared"], "functions": {"upsert": {"source": "x"}}})


def mapping(case: dict[str, Any]) -> SourceMappingSpec:
    return mapping_of(case["entries"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_fit_names_every_error_at_once_sorted_by_input(case: dict[str, Any]) -> None:
    errors = fit(mapping(case), destination(case))
    assert [[error.input, error.code] for error in errors] == case["errors"]
    assert all(error.input in error.message for error in errors)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_optional_inputs_without_an_entry_and_odd_names_are_told_apart_from_errors(case: dict[str, Any]) -> None:
    assert unmapped(mapping(case), destination(case)) == case.get("unmapped", [])
    told = warnings(mapping(case))
    assert len(told) == len(case.get("warned", []))
    assert all(name in text for name, text in zip(case.get("warned", []), told, strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_order_of_entries_and_inputs_does_not_matter(case: dict[str, Any]) -> None:
    shuffled = {**case, "declared": case["declared"][::-1], "entries": case["entries"][::-1]}
    assert fit(mapping(shuffled), destination(shuffled)) == fit(mapping(case), destination(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_fits_compiles_and_what_cannot_compile_does_not_fit(case: dict[str, Any]) -> None:
    fits = not fit(mapping(case), destination(case))
    try:
        compile_mapping(mapping(case), destination(case).inputs)
    except InvalidSpec:
        assert not fits


def test_every_code_has_a_case() -> None:
    assert {code for case in CASES for _, code in case["errors"]} == {code.value for code in FitCode}


def test_messages_are_bounded() -> None:
    case = {
        "declared": [
            {"name": "a", "type": "integer"},
            {"name": "b", "type": "string"},
            {"name": "c", "type": "string"},
        ],
        "entries": [
            {"name": "a", "static": {"value": "x" * 9999}},
            {"name": "b", "direct": {"pointer": "/~" + "b" * 1022}},
            {"name": "c", "direct": {"pointer": "c/" * 512}},
        ],
    }
    messages = [error.message for error in fit(mapping(case), destination(case))] + warnings(mapping(case))
    assert len(messages) == 3
    assert max(map(len, messages)) <= 300
