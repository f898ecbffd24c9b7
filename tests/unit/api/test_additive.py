"""What was released stays usable: a change of the CRDs adds, and takes nothing away.

tests/api/released has the CRDs of the last release, by version of the API. A release records its own:
`cp crds/*.yaml tests/api/released/v1alpha1`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.api.additive import breaks
from tests.api.bounds import KEYWORDS, children
from tests.vectors.api_rules import ABSENT, changed
from xkit_operator.api.crd import crd_files, destination_crd

RELEASED = Path(__file__).parents[2] / "api" / "released"
SNAPSHOTS = sorted(RELEASED.glob("*/*.yaml"))

WHAT_TO_DO = """
Authors have manifests, and clusters objects, that these changes break. Keep the old form and add the new one beside it:
an optional field, a further value, a wider bound. If only a break will do, serve a new version of the API beside the
old one. As long as the version is an alpha one, a break may also be announced: say under "Changed" in CHANGELOG.md what
authors must do before they upgrade, and record the new state with `cp crds/*.yaml tests/api/released/{version}`.
"""

CRD = destination_crd()
SPEC = "spec.versions.0.schema.openAPIV3Schema.properties.spec"
INPUT = f"{SPEC}.properties.inputs.items"
LIMITS = f"{SPEC}.properties.limits.properties"
RULE = {"rule": "self.replicas < 5", "message": "no more than four"}


@pytest.mark.parametrize("snapshot", SNAPSHOTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_was_released_stays_usable(snapshot: Path) -> None:
    found = breaks(yaml.safe_load(snapshot.read_text("utf-8")), yaml.safe_load(crd_files()[snapshot.name]))
    assert not found, "\n".join([f"crds/{snapshot.name}:", *found, WHAT_TO_DO.format(version=snapshot.parent.name)])


def test_both_kinds_were_released() -> None:
    assert {path.name for path in SNAPSHOTS} == set(crd_files())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spec.group": "example.com"}, "group was xkit.dev"),
        ({"spec.scope": "Cluster"}, "scope was Namespaced"),
        ({"spec.names.kind": "Target"}, "names.kind no longer has Destination"),
        ({"spec.names.plural": "targets"}, "names.plural no longer has destinations"),
        ({"spec.names.shortNames": ["d"]}, "names.shortNames no longer has dest"),
        ({"spec.names.categories": []}, "names.categories no longer has xkit"),
        ({"spec.versions.0.name": "v1"}, "version v1alpha1 is no longer served"),
        ({"spec.versions.0.served": False}, "version v1alpha1 is no longer served"),
        ({"spec.versions.0.subresources.scale": ABSENT}, "subresource scale"),
        ({"spec.versions.0.subresources.scale.specReplicasPath": ".spec.count"}, "subresource scale"),
        ({"spec.versions.0.additionalPrinterColumns.0.name": "Up"}, "column Ready"),
        ({"spec.versions.0.additionalPrinterColumns.4.jsonPath": ".status.host"}, "column URL"),
        ({"spec.versions.0.selectableFields": []}, "no longer selected by .spec.runtime"),
        ({f"{SPEC}.properties.paused": ABSENT}, "spec.paused: the field is gone"),
        ({f"{INPUT}.properties.onInvalid": ABSENT}, "spec.inputs[].onInvalid: the field is gone"),
        ({f"{LIMITS}.concurrency.type": "string"}, "spec.limits.concurrency: type was integer"),
        ({f"{SPEC}.properties.auth.type": "array"}, "spec.auth: type was object"),
        ({f"{SPEC}.required": ["inputs", "functions", "auth"]}, "spec: auth is newly required"),
        ({f"{INPUT}.required": ["name", "type", "optional"]}, "spec.inputs[]: optional is newly required"),
        ({f"{INPUT}.properties.type.enum": ["string"]}, "spec.inputs[].type: the value 'date' is gone"),
        ({f"{SPEC}.properties.runtime.enum": ["nodejs14"]}, "spec.runtime: only some values"),
        ({f"{LIMITS}.concurrency.maximum": 999}, "spec.limits.concurrency: maximum was 1000 and is 999"),
        ({f"{LIMITS}.concurrency.minimum": 2}, "spec.limits.concurrency: minimum was 1 and is 2"),
        ({f"{LIMITS}.concurrency.multipleOf": 2}, "spec.limits.concurrency: multipleOf"),
        ({f"{LIMITS}.timeout.minLength": 3}, "spec.limits.timeout: minLength was None"),
        ({f"{LIMITS}.timeout.maxLength": 8}, "spec.limits.timeout: maxLength was 32"),
        ({f"{LIMITS}.timeout.pattern": "^[0-9]+s$"}, "spec.limits.timeout: pattern"),
        ({f"{LIMITS}.timeout.default": "10s"}, "spec.limits.timeout: default was 30s"),
        ({f"{LIMITS}.timeout.default": ABSENT}, "spec.limits.timeout: default was 30s"),
        ({f"{SPEC}.properties.auth.default": {"tokens": []}}, "spec.auth: default was None"),
        ({f"{INPUT}.properties.name.not": {"enum": ["a"]}}, "spec.inputs[].name: not was None"),
        ({f"{INPUT}.oneOf": [{"required": ["items"]}]}, "spec.inputs[]: oneOf was None"),
        ({f"{SPEC}.properties.inputs.maxItems": 50}, "spec.inputs: maxItems was 100"),
        ({f"{SPEC}.properties.inputs.x-kubernetes-list-type": "atomic"}, "spec.inputs: x-kubernetes-list-type"),
        ({f"{SPEC}.properties.pod.properties.labels.maxProperties": 9}, "spec.pod.labels: maxProperties"),
        (
            {f"{SPEC}.properties.pod.properties.labels.additionalProperties.maxLength": 63},
            "spec.pod.labels.*: maxLength",
        ),
        ({f"{SPEC}.properties.pod.properties.labels.additionalProperties": ABSENT}, "spec.pod.labels: additional"),
        (
            {f"{SPEC}.properties.pod.properties.affinity.x-kubernetes-preserve-unknown-fields": ABSENT},
            "spec.pod.affinity: x-kubernetes-preserve-unknown-fields",
        ),
        ({f"{SPEC}.x-kubernetes-validations": [RULE]}, "spec: there is a new rule: no more than four"),
        ({f"{SPEC}.x-kubernetes-anything": True}, "spec: x-kubernetes-anything"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_break_is_named(change: dict[str, Any], said: str) -> None:
    found = breaks(CRD, changed(CRD, change))
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    "change",
    [
        {f"{SPEC}.properties.schedule": {"type": "string"}},
        {f"{SPEC}.properties.auth.properties.mtls": {"type": "object", "required": ["ca"]}},
        {f"{SPEC}.required": ["inputs"]},
        {f"{SPEC}.description": "Other words."},
        {f"{INPUT}.properties.type.enum": ["string", "number", "integer", "boolean", "date", "array", "object", "map"]},
        {f"{INPUT}.properties.onInvalid.enum": ABSENT},
        {f"{LIMITS}.concurrency.maximum": 2000},
        {f"{LIMITS}.concurrency.minimum": 0},
        {f"{LIMITS}.concurrency.maximum": ABSENT},
        {f"{LIMITS}.timeout.pattern": ABSENT},
        {f"{LIMITS}.timeout.nullable": True},
        {f"{SPEC}.x-kubernetes-validations": []},
        {f"{SPEC}.x-kubernetes-validations.0.message": "Other words."},
        {"spec.names.shortNames": ["dest", "dst"]},
        {"spec.versions.0.selectableFields": [{"jsonPath": ".spec.runtime"}, {"jsonPath": ".spec.type"}]},
    ],
    ids=str,
)
def test_an_addition_is_no_break(change: dict[str, Any]) -> None:
    assert breaks(CRD, changed(CRD, change)) == []


def test_a_further_version_is_no_break() -> None:
    (version,) = CRD["spec"]["versions"]
    assert breaks(CRD, changed(CRD, {"spec.versions": [version, {**version, "name": "v1beta1"}]})) == []


def test_no_bound_of_a_released_schema_can_be_tightened_unseen() -> None:
    (version,) = CRD["spec"]["versions"]
    for field, path, schema in nodes("spec", SPEC, version["schema"]["openAPIV3Schema"]["properties"]["spec"]):
        for word in schema.keys() & {*KEYWORDS, "type", "default"}:
            found = breaks(CRD, changed(CRD, {f"{path}.{word}": tighter(schema[word], word)}))
            assert any(one.startswith(f"{field}: ") for one in found), (field, word)


def tighter(value: Any, word: str) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value + 1 if word.startswith("min") else value - 1
    return value[1:] if word in {"enum", "oneOf"} else {"changed": value}


def nodes(field: str, path: str, schema: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A schema and those below it: name of the field, path in the CRD, schema."""
    yield field, path, schema
    for name, child in children(field, schema):
        step = {"[]": "items", ".*": "additionalProperties"}.get(name.removeprefix(field))
        yield from nodes(name, f"{path}.{step or 'properties' + name.removeprefix(field)}", child)
