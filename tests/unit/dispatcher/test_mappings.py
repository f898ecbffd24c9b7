"""Which mapping a record goes through."""

import pytest

from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.dispatcher.dispatching.mappings import Mappings

ENTRIES = [{"name": "id", "direct": {"pointer": "/id"}}, {"name": "email", "direct": {"pointer": "/email"}}]
SPEC = {"destinationRef": {"name": "crm"}, "source": {"slug": "hubspot"}, "inputs": ENTRIES}
CONFIGURATION = {
    "destination": {"namespace": "team-a", "name": "crm"},
    "inputs": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}],
    "operations": ["upsert", "delete"],
    "limits": {"timeoutSeconds": 30.0, "concurrency": 2},
    "variables": {},
    "mappings": [{"name": "contacts", "spec": SPEC}],
}


def inputs_of_a_delete(delete_inputs: list[str] | None) -> list[str]:
    configuration = RunnerConfiguration.model_validate({**CONFIGURATION, "deleteInputs": delete_inputs})
    mapping = Mappings(configuration).choose("delete", "hubspot", None)
    assert mapping is not None
    resolved = mapping.resolve({"id": 1})
    return [*resolved.inputs, *(f"{error.input}: {error.code}" for error in resolved.errors)]


@pytest.mark.parametrize(
    ("delete_inputs", "found"),
    [(["id"], ["id"]), ([], []), (None, ["id", "email: RequiredInputMissing"])],
)
def test_a_delete_looks_at_the_inputs_that_it_needs(delete_inputs: list[str] | None, found: list[str]) -> None:
    assert inputs_of_a_delete(delete_inputs) == found


def test_an_upsert_looks_at_all_inputs() -> None:
    mapping = Mappings(RunnerConfiguration.model_validate({**CONFIGURATION, "deleteInputs": ["id"]})).choose(
        "upsert", "hubspot", "contact"
    )
    assert mapping is not None
    assert list(mapping.resolve({"id": 1, "email": "e"}).inputs) == ["id", "email"]
