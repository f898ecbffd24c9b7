"""The CRDs: fresh, deterministic, and structural."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from xkit_operator.api.crd import crd_files, destination_crd, main, sourcemapping_crd
from xkit_operator.api.structural import structural

CRDS = Path(__file__).parents[3] / "crds"


def test_the_committed_files_are_what_the_models_say() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in CRDS.iterdir()}
    assert committed == crd_files(), "stale: run `make crds`"


def test_the_command_writes_the_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "xkit_operator.api.crd", str(tmp_path)], check=True, capture_output=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == crd_files()


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_the_command_wants_one_directory(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_the_files_hold_no_yaml_anchors() -> None:
    for text in crd_files().values():
        assert not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text))


@pytest.mark.parametrize("crd", [destination_crd(), sourcemapping_crd()], ids=["destination", "sourcemapping"])
def test_every_text_that_a_rule_looks_at_is_bounded(crd: dict[str, Any]) -> None:
    spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    unbounded = [
        path
        for path, node in nodes("spec", spec)
        if (node.get("type") == "string" and not {"maxLength", "enum"} & node.keys())
        or (node.get("type") == "array" and "maxItems" not in node)
    ]
    assert unbounded == []


@pytest.mark.parametrize("crd", [destination_crd(), sourcemapping_crd()], ids=["destination", "sourcemapping"])
def test_every_field_is_described(crd: dict[str, Any]) -> None:
    root = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    parts = [("spec", root["properties"]["spec"]), ("status", root["properties"]["status"])]
    bare = [path for name, part in parts for path, node in nodes(name, part) if not node.get("description")]
    assert [path for path in bare if not path.endswith("[]")] == []


def test_a_reference_is_inlined_and_what_stands_beside_it_wins() -> None:
    defs = {"Limits": {"type": "object", "title": "Limits", "description": "of the type"}}
    node = {"$ref": "#/$defs/Limits", "description": "of the field", "default": {"a": 1}}
    assert structural(node, defs, {}) == {"type": "object", "description": "of the field", "default": {"a": 1}}


def test_a_field_that_may_be_none_is_one_that_may_be_absent() -> None:
    node = {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}], "default": None, "title": "Name"}
    assert structural(node, {}, {}) == {"type": "string", "maxLength": 3}


def test_a_union_of_two_types_is_refused_when_it_is_generated() -> None:
    with pytest.raises(ValueError, match="union of 2 types"):
        structural({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {}, {})


def test_an_exclusive_bound_becomes_a_flag_beside_the_bound() -> None:
    assert structural({"type": "number", "exclusiveMinimum": 0}, {}, {}) == {
        "type": "number",
        "minimum": 0,
        "exclusiveMinimum": True,
    }


def nodes(path: str, node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, node
    for name, child in node.get("properties", {}).items():
        yield from nodes(f"{path}.{name}", child)
    if "items" in node:
        yield from nodes(f"{path}[]", node["items"])
