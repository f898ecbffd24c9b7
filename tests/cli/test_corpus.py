"""`xkit check` and the API server come to the same verdict on each object of the table that tests/api gives the server.

And what the operator says of each pair of the mapping vectors, `xkit check` says with the same code.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Xkit
from tests.vectors.api_rules import DESTINATION, RULES, SOURCE_MAPPING, Rule, changed

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "mapping-fit.json").read_text())
NO_YAML = {"a static object with a number that no double holds"}
"""Numbers that are texts by the time that kubectl has read them."""
SERVERS = {"InvalidSpec", "UnknownField", "InvalidManifest"}
"""Codes of what the API server would refuse; the other ones are the operator's."""


@pytest.fixture
def said(xkit: Xkit) -> Any:
    """The codes of the errors that `xkit check` finds in objects."""

    def check(*objects: dict[str, Any]) -> list[str]:
        text = "---\n".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
        result = xkit("check", "-", "--no-syntax", "-o", "json", text=text)
        found = json.loads(result.stdout)["findings"]
        errors = [one["code"] for one in found if one["level"] == "error"]
        assert result.exit_code == bool(errors)
        return errors

    return check


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_what_the_api_server_accepts_passes(said: Any, rule: Rule) -> None:
    assert SERVERS.isdisjoint(said(changed(rule.base, rule.accepted)))


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_what_the_api_server_refuses_does_not(said: Any, rule: Rule) -> None:
    assert not SERVERS.isdisjoint(said(changed(rule.base, rule.refused)))


@pytest.mark.parametrize("case", [one for one in VECTORS if one["name"] not in NO_YAML], ids=lambda case: case["name"])
def test_a_mapping_gets_the_codes_that_the_operator_gives_it(said: Any, case: dict[str, Any]) -> None:
    destination = changed(DESTINATION, {"spec.inputs": case["declared"]})
    mapping = changed(SOURCE_MAPPING, {"spec.inputs": case["entries"]})
    assert sorted(said(destination, mapping)) == sorted(code for _, code in case["errors"])
