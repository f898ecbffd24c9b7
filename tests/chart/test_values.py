"""The values: each in the schema, each typo refused, each missing choice explained."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

CHART = Path(__file__).parents[2] / "helm" / "xkit-operator"
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text())
IMAGES = {"operator": "o:1", "dispatcher": "d:1", "registry": "r:1"}
FREE = {"affinity", "labels", "nodeSelector", "podAnnotations", "podLabels"}
GIVEN_BY_HELM = {"global"}

Attempt = Callable[[dict[str, Any]], subprocess.CompletedProcess[str]]


def sections(values: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for key, value in values.items():
        if isinstance(value, dict) and key not in FREE:
            yield from sections(value, (*path, key))


def at(path: tuple[str, ...], value: dict[str, Any]) -> dict[str, Any]:
    for key in reversed(path):
        value = {key: value}
    return value


@pytest.mark.parametrize("path", list(sections(VALUES)), ids=lambda path: ".".join(path) or "top")
def test_a_value_that_does_not_exist_is_refused_by_name(attempt: Attempt, path: tuple[str, ...]) -> None:
    refused = attempt(at(path, {"misspelt": 1}))
    assert refused.returncode != 0
    assert "misspelt" in refused.stderr


@pytest.mark.parametrize(
    "values",
    [
        {"image": {"operator": 5}},
        {"image": {"operator": "has space"}},
        {"image": {"pullPolicy": "Sometimes"}},
        {"namespaces": "team-a"},
        {"namespaces": ["Team_A"]},
        {"registry": {"push": "https://r.example"}},
        {"registry": {"pull": "r.example/path"}},
        {"registry": {"prefix": "Upper"}},
        {"registry": {"nodePort": "30005"}},
        {"registry": {"persistence": {"size": "ten"}}},
        {"images": {"cleanup": "yes"}},
        {"logLevel": "info"},
        {"workers": 0},
        {"resyncSeconds": 1},
        {"rebase": {"concurrency": 0}},
        {"monitoring": {"interval": "often"}},
        {"networkPolicy": {"nodes": ["10.0.0.0"]}},
        {"extraObjects": [{"kind": "ConfigMap"}]},
        {"tolerations": [{"effekt": "NoSchedule"}]},
        {"resources": {"limits": {"memory": "lots"}}},
    ],
    ids=json.dumps,
)
def test_a_value_of_the_wrong_form_is_refused(attempt: Attempt, values: dict[str, Any]) -> None:
    refused = attempt(values)
    assert refused.returncode != 0
    assert "values don't meet the specifications of the schema" in refused.stderr


def test_every_value_is_in_the_schema_and_the_schema_holds_no_other() -> None:
    def compare(values: dict[str, Any], schema: dict[str, Any], path: str) -> None:
        properties = {key for key in schema["properties"] if key not in GIVEN_BY_HELM}
        assert properties == set(values), path
        for key, value in values.items():
            below = schema["properties"][key]
            if isinstance(value, dict) and "properties" in below:
                compare(value, below, f"{path}.{key}")

    compare(VALUES, SCHEMA, "values")


def test_every_object_in_the_schema_is_closed() -> None:
    def objects(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)

    opened = [node for node in objects(SCHEMA) if "additionalProperties" not in node]
    assert opened == [SCHEMA["properties"]["global"]]


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, "image.operator is empty"),
        ({"image": {"operator": "o:1"}, "registry": {"push": "r:1"}}, "image.dispatcher is empty"),
        ({"image": {"operator": "o:1", "dispatcher": "d:1"}}, "registry.push is empty"),
        (
            {"image": {"operator": "o:1", "dispatcher": "d:1"}, "registry": {"enabled": True}},
            "image.registry is empty",
        ),
        (
            {"image": IMAGES, "registry": {"enabled": True, "push": "r:1"}},
            "set one of the two",
        ),
    ],
)
def test_a_choice_that_nobody_made_is_asked_for(attempt: Attempt, values: dict[str, Any], missing: str) -> None:
    refused = attempt(values)
    assert refused.returncode != 0
    assert missing in refused.stderr
