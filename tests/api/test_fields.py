"""Each field of the two kinds: there is a text about it, it takes one type, and nothing unknown stands beside it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.api.bounds import children
from tests.api.conftest import SCHEMAS, Submit
from tests.vectors.api_rules import changed
from tests.vectors.whole_objects import WHOLE_DESTINATIONS, WHOLE_SOURCE_MAPPINGS
from tests.waiting import until

Schema = Mapping[str, Any]
Place = tuple[str | int, ...]

WHOLE = {"Destination": WHOLE_DESTINATIONS, "SourceMapping": WHOLE_SOURCE_MAPPINGS}
WRONG = {"object": "x", "array": {}, "string": 1, "integer": "1", "boolean": "true"}
"""For each type a value of another one."""


@pytest.mark.parametrize("kind", SCHEMAS)
def test_kubectl_explain_has_a_text_for_every_field(cluster: Any, crds: object, kind: str) -> None:
    def published() -> dict[str, Schema]:  # what kubectl explain reads, a moment after the CRD is established
        found = cluster.kubectl("get", "--raw", "/openapi/v3/apis/xkit.dev/v1alpha1", check=False).stdout
        schemas = json.loads(found or "{}").get("components", {}).get("schemas", {})
        return everything(schemas.get(f"dev.xkit.v1alpha1.{kind}", {}).get("properties", {}))

    own = everything(SCHEMAS[kind])
    until(f"the schema of {kind} is published", lambda: published().keys() == own.keys())
    undescribed = {field for field, schema in published().items() if not schema.get("description")}
    # an element of a list, or a text in a map, is described with the list or the map
    assert {field for field in undescribed if not field.endswith(("[]", "*"))} == set()


def test_kubectl_explain_tells_what_a_field_is_for(cluster: Any, crds: object) -> None:
    until("Destinations are explained", lambda: not cluster.kubectl("explain", "destination", check=False).returncode)
    told = cluster.kubectl("explain", "destination.spec.limits.timeout").stdout
    assert "How long one call of a function may take" in told


@pytest.mark.parametrize("kind", WHOLE)
def test_the_whole_objects_are_accepted_and_use_every_field(submit: Submit, kind: str) -> None:
    used = set()
    for whole in WHOLE[kind]:
        verdict = submit(whole)
        assert verdict.accepted, verdict.answer
        used |= {field for field, _, _ in places("spec", whole["spec"], SCHEMAS[kind]["spec"])}
    assert {field for field, _ in fields("spec", SCHEMAS[kind]["spec"])} == used


@pytest.mark.parametrize("kind", WHOLE)
def test_no_field_takes_a_value_of_another_type(submit: Submit, kind: str) -> None:
    for whole, place, node in everywhere(kind):
        if "type" in node:
            verdict = submit(changed(whole, {written(place): WRONG[node["type"]]}))
            assert not verdict.accepted, place
            assert str(place[-1]) in verdict.answer["message"]


@pytest.mark.parametrize("kind", WHOLE)
def test_no_object_takes_an_unknown_field(submit: Submit, kind: str) -> None:
    for whole, place, node in everywhere(kind):
        if "properties" in node:
            verdict = submit(changed(whole, {written((*place, "pointerr")): "/id"}))
            assert "unknown field" in verdict.answer.get("message", ""), place
            assert "pointerr" in verdict.answer["message"]


def everything(properties: dict[str, Schema]) -> dict[str, Schema]:
    """All fields that authors and the operator fill, with their schemas."""
    return {
        field: schema
        for part in ("spec", "status")
        if part in properties
        for field, schema in fields(part, properties[part])
    }


def fields(field: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """A field and all below it, by names as in `spec.inputs[].name`."""
    yield field, schema
    for below, child in children(field, schema):
        yield from fields(below, child)


def everywhere(kind: str) -> Iterator[tuple[dict[str, Any], Place, Schema]]:
    """Each whole object with each of its places and the schema for it."""
    for whole in WHOLE[kind]:
        for _, place, node in places("spec", whole["spec"], SCHEMAS[kind]["spec"]):
            yield whole, place, node


def places(field: str, value: Any, schema: Schema, *place: str | int) -> Iterator[tuple[str, Place, Schema]]:
    """The parts of an object that the schema speaks about: name of the field, place in the object, schema."""
    here = place or (field,)
    yield field, here, schema
    below = dict(children(field, schema))
    if isinstance(value, dict):
        for key, child in value.items():
            name = f"{field}.{key}" if f"{field}.{key}" in below else f"{field}.*"
            if name in below:
                yield from places(name, child, below[name], *here, key)
    elif isinstance(value, list) and f"{field}[]" in below:
        for index, child in enumerate(value):
            yield from places(f"{field}[]", child, below[f"{field}[]"], *here, index)


def written(place: Place) -> str:
    return ".".join(map(str, place))
