import json
from typing import Any

import pytest

from tests.unit.objects.conftest import make_destination
from xkit_operator.api.destination import Destination
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.objects.configmap import configuration_map, runner_configuration


def mapping(name: str, slug: str) -> SourceMapping:
    spec = {
        "destinationRef": {"name": "crm"},
        "source": {"slug": slug},
        "inputs": [{"name": "id", "direct": {"pointer": "/id"}}],
    }
    return SourceMapping.parse({"metadata": {"name": name}, "spec": spec})


def document(destination: Destination, *mappings: SourceMapping) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        configuration_map(destination, runner_configuration(destination, mappings))["data"]["runner.json"]
    )
    return found


def name(destination: Destination, *mappings: SourceMapping) -> str:
    found: str = configuration_map(destination, runner_configuration(destination, mappings))["metadata"]["name"]
    return found


def test_it_holds_literals_and_only_the_names_of_what_comes_from_secrets_and_config_maps(
    destination: Destination,
) -> None:
    assert document(destination)["variables"] == {
        "literals": {"baseUrl": "https://api.example.com"},
        "files": ["apiKey", "region"],
    }
    assert "crm-api" not in json.dumps(document(destination))


def test_the_runner_reads_what_was_written(destination: Destination) -> None:
    configuration = runner_configuration(destination, [mapping("b", "hubspot"), mapping("a", "salesforce")])
    text = configuration_map(destination, configuration)["data"]["runner.json"]
    assert RunnerConfiguration.from_text(text) == configuration
    assert [one.name for one in configuration.mappings] == ["a", "b"]


def test_it_never_changes_and_another_content_has_another_name(destination: Destination) -> None:
    a, b = mapping("a", "hubspot"), mapping("b", "salesforce")
    assert configuration_map(destination, runner_configuration(destination, []))["immutable"] is True
    assert name(destination, a, b) == name(destination, b, a)
    assert len({name(destination), name(destination, a), name(destination, a, b)}) == 3


@pytest.mark.parametrize(
    ("spec", "rolls"),
    [
        ({"functions": {"upsert": {"source": "module.exports = async () => 2"}}}, False),
        ({"replicas": 3}, False),
        ({"limits": {"memory": "512Mi"}}, False),
        ({"limits": {"concurrency": 5}}, True),
        ({"limits": {"timeout": "5s"}}, True),
        ({"inputs": [{"name": "id", "type": "number"}]}, True),
        ({"functions": {"delete": {"source": "module.exports = async () => 2"}}}, True),
    ],
)
def test_it_changes_with_what_the_dispatcher_must_know_only(
    destination: Destination, spec: dict[str, Any], *, rolls: bool
) -> None:
    assert (name(make_destination(**spec)) != name(destination)) is rolls


@pytest.mark.parametrize(
    ("delete", "inputs"),
    [
        (None, None),
        ({"source": "x"}, None),
        ({"source": "x", "inputs": []}, ()),
        ({"source": "x", "inputs": ["id"]}, ("id",)),
    ],
)
def test_the_configuration_says_what_a_delete_needs(delete: Any, inputs: tuple[str, ...] | None) -> None:
    functions = {"upsert": {"source": "y"}, "delete": delete}
    assert runner_configuration(make_destination(functions=functions), []).delete_inputs == inputs
