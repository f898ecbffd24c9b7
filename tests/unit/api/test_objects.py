"""What the models make of objects."""

import pytest
from pydantic import ValidationError

from tests.vectors.api_rules import DESTINATION, SOURCE_MAPPING, changed
from xkit_operator.api.destination import Destination
from xkit_operator.api.sourcemapping import SourceMapping


def test_defaults_are_those_of_the_contract() -> None:
    spec = Destination.parse(DESTINATION).spec
    assert (spec.runtime, spec.replicas, spec.inputs[0].optional) == ("nodejs14", 1, False)
    assert (spec.limits.timeout_seconds, spec.limits.concurrency, spec.limits.memory_bytes) == (30.0, 20, 256 * 2**20)


def test_metadata_that_nobody_reads_is_let_through() -> None:
    metadata = {"name": "crm", "namespace": "team-a", "resourceVersion": "7", "managedFields": [{"manager": "kubectl"}]}
    found = Destination.parse({**DESTINATION, "metadata": metadata}).metadata
    assert (found.name, found.namespace, found.resource_version, found.uid) == ("crm", "team-a", "7", "")


def test_a_status_of_another_release_does_not_stop_this_one() -> None:
    condition = {"type": "X", "status": "True", "reason": "R", "message": "", "lastTransitionTime": "t", "severity": 1}
    status = {"observedGeneration": 3, "conditions": [condition], "lastBuilds": [1]}
    found = Destination.parse({**DESTINATION, "status": status}).status
    assert found.observed_generation == 3
    assert found.conditions[0].type == "X"


def test_an_object_that_nobody_looked_at_says_so() -> None:
    assert Destination.parse(DESTINATION).status.observed_generation == -1
    assert SourceMapping.parse(SOURCE_MAPPING).status.observed_generation == -1


def test_models_do_not_change() -> None:
    spec = Destination.parse(DESTINATION).spec
    with pytest.raises(ValidationError):
        spec.replicas = 2  # type: ignore[misc]


@pytest.mark.parametrize("base", [DESTINATION, SOURCE_MAPPING], ids=["destination", "sourcemapping"])
def test_the_camel_case_form_parses_to_the_same_again(base: dict[str, object]) -> None:
    kind = Destination if base is DESTINATION else SourceMapping
    once = kind.parse(base)
    assert kind.parse({**base, "spec": once.spec.to_dict()}) == once


def test_the_camel_case_form_keeps_nulls_inside_values() -> None:
    value = {"a": None, "b": [None]}
    spec = Destination.parse(changed(DESTINATION, {"spec.variables.0.value": value})).spec
    assert spec.to_dict()["variables"][0]["value"] == value


def test_the_functions_that_are_given_have_their_operations() -> None:
    spec = Destination.parse(changed(DESTINATION, {"spec.functions": {"delete": {"source": "x"}}})).spec
    assert {operation: one.source for operation, one in spec.functions.given().items()} == {"delete": "x"}
