"""docs/reference/mapping.md: every example does what it says, and the tables have exactly the codes that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.mapping.build import TYPES, mapping_of, same
from xkit_operator.api.destination import DestinationSpec, Input
from xkit_operator.api.sourcemapping import Entry
from xkit_operator.mapping.compile import compile_mapping
from xkit_operator.mapping.fit import FitCode, fit
from xkit_operator.mapping.result import InputErrorCode

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "mapping.md").read_text(encoding="utf-8")


def examples() -> list[dict[str, Any]]:
    """What stands in blocks marked `yaml example`: one example, or a list of them."""
    found = [
        yaml.safe_load(block) for block in re.findall(r"^```yaml example\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    ]
    return [one for block in found for one in (block if isinstance(block, list) else [block])]


EXAMPLES = examples()


def fit_codes(example: dict[str, Any]) -> list[str]:
    spec = {"inputs": [example["input"]], "functions": {"upsert": {"source": "x"}}}
    return [error.code.value for error in fit(mapping_of([example["entry"]]), DestinationSpec.model_validate(spec))]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_does_what_it_says(example: dict[str, Any]) -> None:
    assert len(example.keys() & {"gives", "errors", "refused"}) == 1
    assert fit_codes(example) == ([example["refused"]] if "refused" in example else [])
    if "refused" in example:
        return
    name = example["input"]["name"]
    resolved = compile_mapping(mapping_of([example["entry"]]), [Input.model_validate(example["input"])])(
        example["record"]
    )
    told = [{"code": error.code.value, "pointer": error.pointer} for error in resolved.errors]
    assert told == example.get("errors", [])
    if "gives" in example:
        assert same(resolved.inputs[name], example["gives"])


def test_every_block_of_yaml_is_an_example() -> None:
    assert re.findall(r"^```\S.*$", PAGE, re.MULTILINE) == ["```yaml example"] * PAGE.count("```yaml example")


def test_each_transformation_and_option_has_an_example() -> None:
    assert {word for one in EXAMPLES for word in one["entry"]} >= {*Entry.choices, "default"} - {"empty"}
    assert {word for one in EXAMPLES for word in one["input"]} >= {"items", "onInvalid", "optional"}


def test_the_tables_have_exactly_the_codes_and_types_that_exist() -> None:
    def firsts(heading: str) -> set[str]:
        section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        cells = re.findall(r"^\| ([^|]*) \|", section, re.MULTILINE)
        return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}

    assert firsts("Errors") == {code.value for code in InputErrorCode}
    assert firsts("What is refused when it is applied") == {code.value for code in FitCode}
    assert firsts("Types") == set(TYPES)
