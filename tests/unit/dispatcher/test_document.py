"""The dispatcher's own types of the operator's document: the same fields, words and defaults, the same values."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from msgspec import Struct
from msgspec.json import decode
from msgspec.structs import fields
from pydantic import BaseModel

from tests.unit.api.test_runner import values
from xkit_operator.api import runner, sourcemapping
from xkit_operator.api.destination import Input, Items
from xkit_operator.api.runner import CONFIGURATION_KEY, RunnerConfiguration
from xkit_operator.dispatcher import document
from xkit_operator.dispatcher.document import Document

PAIRS: dict[type[BaseModel], type[Struct]] = {
    RunnerConfiguration: Document,
    runner.DestinationName: document.DestinationName,
    runner.RunnerLimits: document.Limits,
    runner.RunnerVariables: document.Variables,
    runner.RunnerMapping: document.Mapping,
    Input: document.Input,
    Items: document.Items,
    sourcemapping.SourceMappingSpec: document.MappingSpec,
    sourcemapping.DestinationRef: document.DestinationRef,
    sourcemapping.Source: document.Source,
    sourcemapping.Entry: document.Entry,
    sourcemapping.Direct: document.Direct,
    sourcemapping.Static: document.Static,
    sourcemapping.Find: document.Find,
    sourcemapping.Where: document.Where,
    sourcemapping.Collect: document.Collect,
    sourcemapping.Date: document.Date,
    sourcemapping.Empty: document.Empty,
}
ENTRIES = [
    {"name": "direct", "direct": {"pointer": "/a"}, "default": 1.5},
    {"name": "static", "static": {"value": [1, "a", None]}},
    {"name": "find", "find": {"pointer": "/b", "where": {"property": "kind", "equals": True}, "extract": "/value"}},
    {"name": "collect", "collect": {"pointer": "/c", "extract": "/value"}},
    {"name": "date", "date": {"pointer": "/d", "unit": "Seconds"}},
    {"name": "empty", "empty": {}},
]
WHOLE = {
    "version": 1,
    "destination": {"namespace": "team-a", "name": "crm-contacts"},
    "inputs": [
        {"name": "direct", "type": "number", "optional": True, "onInvalid": "Null", "description": "how many"},
        {"name": "static", "type": "array", "items": {"type": "string"}},
    ],
    "deleteInputs": ["direct"],
    "operations": ["upsert", "delete"],
    "limits": {"timeoutSeconds": 30, "concurrency": 20},
    "variables": {"literals": {"baseUrl": "https://crm.example"}, "files": ["apiKey"]},
    "tokens": 2,
    "mappings": [
        {
            "name": "crm-contacts-hubspot",
            "spec": {
                "destinationRef": {"name": "crm-contacts"},
                "source": {"slug": "hubspot", "object": "contact"},
                "inputs": ENTRIES,
            },
        }
    ],
}
LEAST = {
    "destination": {"namespace": "team-a", "name": "crm-contacts"},
    "inputs": [{"name": "direct", "type": "number"}],
    "operations": [],
    "limits": {"timeoutSeconds": 30, "concurrency": 20},
    "mappings": [
        {
            "name": "crm-contacts-hubspot",
            "spec": {
                "destinationRef": {"name": "crm-contacts"},
                "source": {"slug": "hubspot"},
                "inputs": [
                    {"name": "find", "find": {"pointer": "/b", "where": {"property": "kind", "equals": 1}}},
                    {"name": "date", "date": {"pointer": "/d"}},
                ],
            },
        }
    ],
}


def written(content: dict[str, Any]) -> RunnerConfiguration:
    return RunnerConfiguration.model_validate(content)


def plain(value: Any) -> Any:
    """Parts of either kind as dicts by attribute, which is how they are read."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def fields_in(value: Any) -> Iterator[tuple[type[BaseModel], str]]:
    """Each field that is given in a model or in one within it."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from fields_in(one)
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield type(value), name
            yield from fields_in(getattr(value, name))


def words(annotation: Any) -> set[Any]:
    """The literal values within a type."""
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    return set().union(*map(words, get_args(annotation)))


def test_a_document_with_every_field_there_is_reads_the_same() -> None:
    whole = written(WHOLE)
    assert set(fields_in(whole)) == {(model, name) for model in PAIRS for name in model.model_fields}
    assert plain(decode(whole.to_text(), type=Document)) == plain(whole)


def test_a_document_with_the_least_gets_the_same_defaults() -> None:
    least = written(LEAST)
    assert plain(decode(least.to_text(), type=Document)) == plain(least)


@given(values)
def test_every_literal_reads_the_same(value: Any) -> None:
    text = written({**WHOLE, "variables": {"literals": {"given": value}}}).to_text()
    read, again = decode(text, type=Document), RunnerConfiguration.from_text(text)
    assert repr(read.variables.literals) == repr(again.variables.literals)


@pytest.mark.parametrize("model", PAIRS, ids=lambda model: model.__name__)
def test_a_part_has_the_fields_and_words_of_its_model_on_the_wire(model: type[BaseModel]) -> None:
    assert {one.encode_name: words(one.type) for one in fields(PAIRS[model])} == {
        field.alias: words(field.annotation) for field in model.model_fields.values()
    }


def test_every_part_has_a_model_and_the_file_one_name() -> None:
    parts = {one for one in vars(document).values() if isinstance(one, type) and issubclass(one, document.Part)}
    assert parts - {document.Part} == set(PAIRS.values())
    assert document.FILE == CONFIGURATION_KEY


@pytest.mark.parametrize("operation", ["upsert", "delete"])
@pytest.mark.parametrize("delete_inputs", [None, [], ["direct"], ["static", "direct"]])
def test_an_operation_has_the_same_inputs(
    operation: Literal["upsert", "delete"], delete_inputs: list[str] | None
) -> None:
    whole = written({**WHOLE, "deleteInputs": delete_inputs})
    read = decode(whole.to_text(), type=Document)
    assert plain(read.inputs_of(operation)) == plain(whole.inputs_of(operation))


def test_an_entry_names_the_same_choice() -> None:
    entries = decode(written(WHOLE).to_text(), type=Document).mappings[0].spec.inputs
    assert [one.transformation for one in entries] == [one["name"] for one in ENTRIES]
