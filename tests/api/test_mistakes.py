"""What `kubectl apply` says to the mistakes that authors make first: each answer names the field and what is wrong."""

from typing import Any

import pytest

DESTINATION = """
apiVersion: xkit.dev/v1alpha1
kind: Destination
metadata: {name: crm-contacts}
spec:
  inputs: INPUTS
  functions: {upsert: UPSERT}
  MORE
"""
SOURCE_MAPPING = """
apiVersion: xkit.dev/v1alpha1
kind: SourceMapping
metadata: {name: crm-contacts-hubspot}
spec:
  destinationRef: {name: crm-contacts}
  source: {slug: hubspot}
  inputs: [ENTRY]
"""


def destination(
    more: str = "", *, inputs: str = "[{name: id, type: string}]", upsert: str = "{source: 'x', moduleType: Auto}"
) -> str:
    return DESTINATION.replace("INPUTS", inputs).replace("UPSERT", upsert).replace("MORE", more)


def mapping(entry: str) -> str:
    return SOURCE_MAPPING.replace("ENTRY", entry)


MISTAKES = {
    "a field that does not exist": (destination("replica: 2"), ['unknown field "spec.replica"']),
    "a typo deep inside": (destination(upsert="{sorce: x}"), ['unknown field "spec.functions.upsert.sorce"']),
    "a number in quotes": (destination("replicas: '2'"), ["spec.replicas", "must be of type integer"]),
    "a CPU without quotes": (destination("limits: {cpu: 2}"), ["spec.limits.cpu", "must be of type string"]),
    "a unit that is none": (destination("limits: {memory: 256MB}"), ["spec.limits.memory", "should match"]),
    "a timeout without a unit": (destination("limits: {timeout: '30'}"), ["spec.limits.timeout", "should match"]),
    "too little memory": (destination("limits: {memory: 16Mi}"), ["spec.limits.memory", "at least 64Mi"]),
    "a type that is none": (
        destination(inputs="[{name: id, type: text}]"),
        ["spec.inputs[0].type", '"text"', '"string", "number", "integer"'],
    ),
    "inputs as a map": (destination(inputs="{id: string}"), ["spec.inputs"]),
    "inputs as names": (destination(inputs="[id]"), ["spec.inputs[0]", "must be of type object"]),
    "an input that is there twice": (
        destination(inputs="[{name: id, type: string}, {name: id, type: string}]"),
        ["spec.inputs[1]", 'Duplicate value: {"name":"id"}'],
    ),
    "a name that JavaScript has": (
        destination("variables: [{name: constructor, value: 1}]"),
        ["spec.variables[0].name", "names that JavaScript keeps for itself"],
    ),
    "a variable without a value": (destination("variables: [{name: a}]"), ["spec.variables[0]", "value"]),
    "no transformation": (mapping("{name: id}"), ["spec.inputs[0]", "exactly one of direct, static, find, collect"]),
    "a pointer in the wrong place": (mapping("{name: id, direct: /id}"), ["spec.inputs[0].direct", "object"]),
    "another word for a pointer": (
        mapping("{name: id, direct: {path: /id}}"),
        ['unknown field "spec.inputs[0].direct.path"'],
    ),
    "two transformations": (
        mapping("{name: id, direct: {pointer: /id}, empty: {}}"),
        ["spec.inputs[0]", "exactly one of direct, static, find, collect"],
    ),
    "a default that has no use": (mapping("{name: id, static: {value: 1}, default: 1}"), ["spec.inputs[0]"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_answer_names_the_field_and_what_is_wrong(cluster: Any, crds: object, namespace: str, mistake: str) -> None:
    manifest, words = MISTAKES[mistake]
    done = cluster.kubectl("apply", "-n", namespace, "-f", "-", input=manifest, check=False)
    assert done.returncode != 0
    assert [word for word in words if word not in done.stderr] == [], done.stderr


def test_the_manifest_without_a_mistake_is_taken(cluster: Any, crds: object, namespace: str) -> None:
    right = "---".join([destination("replicas: 2"), mapping("{name: id, direct: {pointer: /id}}")])
    cluster.kubectl("apply", "-n", namespace, "-f", "-", input=right)


def test_one_bad_quantity_is_said_once(cluster: Any, crds: object, namespace: str) -> None:
    bad = destination("limits: {cpu: half, memory: much, timeout: soon}")
    done = cluster.kubectl("apply", "-n", namespace, "-f", "-", input=bad, check=False)
    for field in ("cpu", "memory", "timeout"):
        assert done.stderr.count(f"* spec.limits.{field}:") == 1
