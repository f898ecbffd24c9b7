"""The document between operator and dispatcher."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.vectors.api_rules import DESTINATION, SOURCE_MAPPING
from xkit_operator.api.destination import Destination, Input
from xkit_operator.api.runner import (
    DestinationName,
    RunnerConfiguration,
    RunnerLimits,
    RunnerMapping,
    RunnerVariables,
)
from xkit_operator.api.sourcemapping import SourceMapping

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


def configuration(literals: dict[str, Any]) -> RunnerConfiguration:
    spec = Destination.parse(DESTINATION).spec
    return RunnerConfiguration(
        destination=DestinationName(namespace="team-a", name="crm-contacts"),
        inputs=spec.inputs,
        operations=("upsert",),
        limits=RunnerLimits(timeout_seconds=30.0, concurrency=20),
        variables=RunnerVariables(literals=literals, files=("apiKey",)),
        mappings=(RunnerMapping(name="crm-contacts-hubspot", spec=SourceMapping.parse(SOURCE_MAPPING).spec),),
    )


@given(values)
def test_what_is_written_is_what_is_read(value: Any) -> None:
    once = configuration({"given": value})
    assert RunnerConfiguration.from_text(once.to_text()) == once


def test_equal_configurations_give_equal_texts() -> None:
    assert configuration({"a": {"x": 1, "y": 2}}).to_text() == configuration({"a": {"y": 2, "x": 1}}).to_text()


def test_the_document_has_the_names_that_the_dispatcher_reads() -> None:
    document = configuration({"baseUrl": 1}).to_dict()
    assert document["version"] == 1
    assert document["limits"] == {"timeoutSeconds": 30.0, "concurrency": 20}
    assert document["variables"] == {"literals": {"baseUrl": 1}, "files": ["apiKey"]}
    assert document["mappings"][0]["spec"]["destinationRef"] == {"name": "crm-contacts"}


def test_a_document_of_another_version_is_refused() -> None:
    text = configuration({}).to_text().replace('"version":1', '"version":2')
    with pytest.raises(ValidationError):
        RunnerConfiguration.from_text(text)


@pytest.mark.parametrize(
    ("delete_inputs", "names"),
    [(None, ["id", "email"]), ((), []), (("email",), ["email"]), (("email", "id"), ["id", "email"])],
)
def test_a_delete_gets_the_inputs_that_it_names_in_declared_order(
    delete_inputs: tuple[str, ...] | None, names: list[str]
) -> None:
    inputs = (Input(name="id", type="string"), Input(name="email", type="string"))
    once = configuration({}).model_copy(update={"inputs": inputs, "delete_inputs": delete_inputs})
    read = RunnerConfiguration.from_text(once.to_text())
    assert [one.name for one in read.inputs_of("delete")] == names
    assert [one.name for one in read.inputs_of("upsert")] == ["id", "email"]
