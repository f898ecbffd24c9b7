"""Each rule of the two kinds with something that it accepts and something that it refuses.

Two judges read the table: a real API server by the CRDs, and the models in Python for objects that no server has seen.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ABSENT = object()
"""As a value in a change: the field is removed."""

DESTINATION: dict[str, Any] = {
    "apiVersion": "xkit.dev/v1alpha1",
    "kind": "Destination",
    "metadata": {"name": "crm-contacts"},
    "spec": {
        "variables": [{"name": "baseUrl", "value": "https://api.example.com"}],
        "inputs": [{"name": "id", "type": "string"}],
        "functions": {"upsert": {"source": "module.exports = async () => {}"}},
    },
}
SOURCE_MAPPING: dict[str, Any] = {
    "apiVersion": "xkit.dev/v1alpha1",
    "kind": "SourceMapping",
    "metadata": {"name": "crm-contacts-hubspot"},
    "spec": {
        "destinationRef": {"name": "crm-contacts"},
        "source": {"slug": "hubspot"},
        "inputs": [{"name": "id", "direct": {"pointer": "/id"}}],
    },
}


@dataclass(frozen=True)
class Rule:
    """A rule, a change to the valid object that it accepts, and one that it refuses; changes are path to value."""

    title: str
    base: dict[str, Any]
    accepted: dict[str, Any]
    refused: dict[str, Any]
    says: str
    """What the API server's answer must contain."""

    def __str__(self) -> str:
        return f"{self.base['kind']}: {self.title}"


def changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy of the object with the values at paths such as spec.inputs.0.name replaced."""
    obj = copy.deepcopy(base)
    for path, value in changes.items():
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        parent: Any = obj
        for part in parents:
            parent = parent[part] if isinstance(parent, list) else parent.setdefault(part, {})
        if value is ABSENT:
            del parent[last]
        else:
            parent[last] = value
    return obj


def _inputs(count: int) -> list[dict[str, str]]:
    return [{"name": f"input{number}", "type": "string"} for number in range(count)]


def _variables(count: int) -> list[dict[str, Any]]:
    return [{"name": f"variable{number}", "value": number} for number in range(count)]


def _entries(count: int) -> list[dict[str, Any]]:
    return [{"name": f"input{number}", "empty": {}} for number in range(count)]


_SECRET = {"secretKeyRef": {"name": "crm-api", "key": "token"}}
_CONFIG_MAP = {"configMapKeyRef": {"name": "crm-api", "key": "url"}}
_SOURCE = {"source": "export default async () => {}"}
_SOURCE_FROM = {"sourceFrom": {"configMapKeyRef": {"name": "crm-functions", "key": "upsert.js"}}}


def _find(**changes: Any) -> dict[str, Any]:
    find = {"pointer": "/emails", "where": {"property": "primary", "equals": True}, "extract": "/address", **changes}
    return {"name": "id", "find": {key: value for key, value in find.items() if value is not ABSENT}}


def _where(**changes: Any) -> dict[str, Any]:
    where = {"property": "primary", "equals": True, **changes}
    return _find(where={key: value for key, value in where.items() if value is not ABSENT})


_POINTERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "find.pointer": lambda text: _find(pointer=text),
    "find.where.property": lambda text: _where(property=text),
    "find.extract": lambda text: _find(extract=text),
    "collect.pointer": lambda text: {"name": "id", "collect": {"pointer": text, "extract": ""}},
    "collect.extract": lambda text: {"name": "id", "collect": {"pointer": "", "extract": text}},
    "date.pointer": lambda text: {"name": "id", "date": {"pointer": text}},
}
_DIRECT = {"name": "id", "direct": {"pointer": "/id"}}

DESTINATION_RULES = [
    Rule(title, DESTINATION, accepted, refused, says)
    for title, accepted, refused, says in [
        ("the name is a DNS label", {"metadata.name": "c" * 63}, {"metadata.name": "c" * 64}, "metadata.name"),
        ("the name begins with a letter", {"metadata.name": "a1"}, {"metadata.name": "1a"}, "metadata.name"),
        ("a spec is required", {}, {"spec": ABSENT}, "spec: Required value"),
        ("unknown fields are refused", {}, {"spec.replicass": 2}, 'unknown field "spec.replicass"'),
        (
            "unknown fields of parts are refused",
            {},
            {"spec.inputs.0.format": "email"},
            'unknown field "spec.inputs[0].format"',
        ),
        (
            "type is of a closed set",
            {"spec.type": "Function"},
            {"spec.type": "Webhook"},
            "spec.type: Unsupported value",
        ),
        ("runtime is a name, known or not", {"spec.runtime": "nodejs99"}, {"spec.runtime": "Node 14"}, "spec.runtime"),
        ("a variable has a name", {}, {"spec.variables.0.name": ABSENT}, "spec.variables[0].name: Required value"),
        (
            "names of variables are identifiers",
            {"spec.variables.0.name": "_base1"},
            {"spec.variables.0.name": "base-url"},
            "spec.variables[0].name",
        ),
        (
            "reserved names are refused for variables",
            {"spec.variables.0.name": "constructors"},
            {"spec.variables.0.name": "constructor"},
            "spec.variables[0].name",
        ),
        (
            "names of variables are unique",
            {"spec.variables": _variables(2)},
            {"spec.variables": _variables(1) * 2},
            "Duplicate value",
        ),
        (
            "at most 100 variables",
            {"spec.variables": _variables(100)},
            {"spec.variables": _variables(101)},
            "must have at most 100 items",
        ),
        (
            "a variable has a value or a source of it",
            {"spec.variables.0": {"name": "a", "valueFrom": _SECRET}},
            {"spec.variables.0": {"name": "a"}},
            "oneOf",
        ),
        (
            "a variable has not both",
            {"spec.variables.0": {"name": "a", "valueFrom": _CONFIG_MAP}},
            {"spec.variables.0": {"name": "a", "value": 1, "valueFrom": _CONFIG_MAP}},
            "oneOf",
        ),
        (
            "a variable is any JSON value but null",
            {"spec.variables.0.value": {"nested": [None, 1.5, {"deep": None}]}},
            {"spec.variables.0.value": None},
            "oneOf",
        ),
        ("false is a value", {"spec.variables.0.value": False}, {"spec.variables.0.value": ABSENT}, "oneOf"),
        (
            "valueFrom is one of its kinds",
            {"spec.variables.0": {"name": "a", "valueFrom": _SECRET}},
            {"spec.variables.0": {"name": "a", "valueFrom": {}}},
            "exactly one of secretKeyRef, configMapKeyRef must be given",
        ),
        (
            "valueFrom is not both of its kinds",
            {"spec.variables.0": {"name": "a", "valueFrom": _CONFIG_MAP}},
            {"spec.variables.0": {"name": "a", "valueFrom": {**_SECRET, **_CONFIG_MAP}}},
            "exactly one of secretKeyRef, configMapKeyRef must be given",
        ),
        (
            "a reference has a name that an object can have",
            {"spec.variables.0": {"name": "a", "valueFrom": {"secretKeyRef": {"name": "a.b-c", "key": "k"}}}},
            {"spec.variables.0": {"name": "a", "valueFrom": {"secretKeyRef": {"name": "A", "key": "k"}}}},
            "spec.variables[0].valueFrom.secretKeyRef.name",
        ),
        (
            "a reference has a key that data can have",
            {"spec.variables.0": {"name": "a", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "a_b.C-1"}}}},
            {"spec.variables.0": {"name": "a", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "a/b"}}}},
            "spec.variables[0].valueFrom.configMapKeyRef.key",
        ),
        ("inputs are required", {}, {"spec.inputs": ABSENT}, "spec.inputs: Required value"),
        ("at least one input", {"spec.inputs": _inputs(1)}, {"spec.inputs": []}, "spec.inputs"),
        (
            "at most 100 inputs",
            {"spec.inputs": _inputs(100)},
            {"spec.inputs": _inputs(101)},
            "must have at most 100 items",
        ),
        ("names of inputs are unique", {"spec.inputs": _inputs(2)}, {"spec.inputs": _inputs(1) * 2}, "Duplicate value"),
        (
            "names of inputs are identifiers",
            {"spec.inputs.0.name": "a" * 63},
            {"spec.inputs.0.name": "a" * 64},
            "spec.inputs[0].name",
        ),
        ("names of inputs begin with a letter", {"spec.inputs.0.name": "_1"}, {"spec.inputs.0.name": "1"}, "name"),
        (
            "reserved names are refused for inputs",
            {"spec.inputs.0.name": "proto"},
            {"spec.inputs.0.name": "__proto__"},
            "spec.inputs[0].name",
        ),
        ("an input has a type", {}, {"spec.inputs.0.type": ABSENT}, "spec.inputs[0].type: Required value"),
        *(
            (
                f"{one} is a type of input",
                {"spec.inputs.0.type": one},
                {"spec.inputs.0.type": one.upper()},
                "spec.inputs[0].type: Unsupported value",
            )
            for one in ("string", "number", "integer", "boolean", "date", "array", "object")
        ),
        (
            "optional is true or false",
            {"spec.inputs.0.optional": True},
            {"spec.inputs.0.optional": "yes"},
            "spec.inputs[0].optional",
        ),
        (
            "a description has at most 1024 characters",
            {"spec.inputs.0.description": "d" * 1024},
            {"spec.inputs.0.description": "d" * 1025},
            "spec.inputs[0].description",
        ),
        (
            "items is for arrays",
            {"spec.inputs.0": {"name": "a", "type": "array", "items": {"type": "date"}}},
            {"spec.inputs.0": {"name": "a", "type": "object", "items": {"type": "date"}}},
            "items is only for inputs of type array",
        ),
        (
            "items has a type",
            {"spec.inputs.0": {"name": "a", "type": "array"}},
            {"spec.inputs.0": {"name": "a", "type": "array", "items": {}}},
            "spec.inputs[0].items.type: Required value",
        ),
        (
            "the type of items is one of those of inputs",
            {"spec.inputs.0": {"name": "a", "type": "array", "items": {"type": "array"}}},
            {"spec.inputs.0": {"name": "a", "type": "array", "items": {"type": "text"}}},
            "spec.inputs[0].items.type: Unsupported value",
        ),
        (
            "items go one level deep",
            {"spec.inputs.0": {"name": "a", "type": "array", "items": {"type": "array"}}},
            {"spec.inputs.0": {"name": "a", "type": "array", "items": {"type": "array", "items": {"type": "string"}}}},
            'unknown field "spec.inputs[0].items.items"',
        ),
        (
            "onInvalid is of a closed set",
            {"spec.inputs.0.onInvalid": "Fail"},
            {"spec.inputs.0.onInvalid": "null"},
            "spec.inputs[0].onInvalid: Unsupported value",
        ),
        (
            "onInvalid may be Null on optional inputs",
            {"spec.inputs.0": {"name": "a", "type": "date", "optional": True, "onInvalid": "Null"}},
            {"spec.inputs.0": {"name": "a", "type": "date", "onInvalid": "Null"}},
            "onInvalid may be Null only if the input is optional",
        ),
        (
            "onInvalid may be Null only where optional is true",
            {"spec.inputs.0": {"name": "a", "type": "date", "optional": False, "onInvalid": "Fail"}},
            {"spec.inputs.0": {"name": "a", "type": "date", "optional": False, "onInvalid": "Null"}},
            "onInvalid may be Null only if the input is optional",
        ),
        ("functions are required", {}, {"spec.functions": ABSENT}, "spec.functions: Required value"),
        (
            "one function is enough",
            {"spec.functions": {"delete": _SOURCE}},
            {"spec.functions": {}},
            "at least one of upsert, delete must be given",
        ),
        (
            "upsert and delete are the functions",
            {"spec.functions.delete": _SOURCE},
            {"spec.functions.update": _SOURCE},
            'unknown field "spec.functions.update"',
        ),
        (
            "a function has a source",
            {"spec.functions.upsert": _SOURCE},
            {"spec.functions.upsert": {}},
            "exactly one of source, sourceFrom must be given",
        ),
        (
            "a function may be read from a ConfigMap instead",
            {"spec.functions.upsert": _SOURCE_FROM},
            {"spec.functions.upsert": {**_SOURCE, **_SOURCE_FROM}},
            "exactly one of source, sourceFrom must be given",
        ),
        (
            "the delete function has one source, too",
            {"spec.functions.delete": {**_SOURCE_FROM, "inputs": ["id"], "moduleType": "CommonJS"}},
            {"spec.functions.delete": {**_SOURCE, **_SOURCE_FROM}},
            "exactly one of source, sourceFrom must be given",
        ),
        (
            "sourceFrom names a ConfigMap",
            {"spec.functions.upsert": _SOURCE_FROM},
            {"spec.functions.upsert": {"sourceFrom": {}}},
            "spec.functions.upsert.sourceFrom.configMapKeyRef: Required value",
        ),
        (
            "a function is not read from a Secret",
            {"spec.functions.upsert": _SOURCE_FROM},
            {"spec.functions.upsert": {"sourceFrom": {**_SOURCE_FROM["sourceFrom"], **_SECRET}}},
            'unknown field "spec.functions.upsert.sourceFrom.secretKeyRef"',
        ),
        (
            "sourceFrom names a key",
            {"spec.functions.upsert": _SOURCE_FROM},
            {"spec.functions.upsert": {"sourceFrom": {"configMapKeyRef": {"name": "crm-functions"}}}},
            "spec.functions.upsert.sourceFrom.configMapKeyRef.key: Required value",
        ),
        (
            "a source is not empty",
            {"spec.functions.upsert.source": ";"},
            {"spec.functions.upsert.source": ""},
            "spec.functions.upsert.source",
        ),
        (
            "a source has at most 131,072 characters",
            {"spec.functions.upsert.source": "€" * 131_072},
            {"spec.functions.upsert.source": "x" * 131_073},
            "spec.functions.upsert.source",
        ),
        *(
            (
                f"{one} is a module type",
                {"spec.functions.upsert.moduleType": one},
                {"spec.functions.upsert.moduleType": one.lower()},
                "spec.functions.upsert.moduleType: Unsupported value",
            )
            for one in ("Auto", "CommonJS", "ESModule")
        ),
        (
            "the delete function has a module type, too",
            {"spec.functions.delete": {**_SOURCE, "moduleType": "ESModule"}},
            {"spec.functions.delete": {**_SOURCE, "moduleType": "Module"}},
            "spec.functions.delete.moduleType: Unsupported value",
        ),
        (
            "a delete names declared inputs",
            {"spec.functions.delete": {**_SOURCE, "inputs": ["id"]}},
            {"spec.functions.delete": {**_SOURCE, "inputs": ["id", "email"]}},
            "functions.delete.inputs may name declared inputs only",
        ),
        (
            "a delete may need no input; it names each once",
            {"spec.functions.delete": {**_SOURCE, "inputs": []}},
            {"spec.functions.delete": {**_SOURCE, "inputs": ["id", "id"]}},
            "Duplicate value",
        ),
        (
            "a delete names inputs by names that they can have",
            {"spec.functions.delete": {**_SOURCE, "inputs": ["id"]}},
            {"spec.functions.delete": {**_SOURCE, "inputs": ["i.d"]}},
            "spec.functions.delete.inputs[0]",
        ),
        (
            "an upsert gets all inputs",
            {"spec.functions.upsert": _SOURCE},
            {"spec.functions.upsert.inputs": ["id"]},
            'unknown field "spec.functions.upsert.inputs"',
        ),
        (
            "timeout is a duration",
            {"spec.limits.timeout": "1m30.5s"},
            {"spec.limits.timeout": "30"},
            "spec.limits.timeout",
        ),
        (
            "timeout is more than nothing",
            {"spec.limits.timeout": "1ms"},
            {"spec.limits.timeout": "0s"},
            "more than 0s and at most 1h",
        ),
        (
            "timeout is at most an hour",
            {"spec.limits.timeout": "60m"},
            {"spec.limits.timeout": "60m1ms"},
            "more than 0s and at most 1h",
        ),
        (
            "timeout is no number without end",
            {"spec.limits.timeout": "0.000001h"},
            {"spec.limits.timeout": "9999999999999999999999999999h"},
            "spec.limits.timeout",
        ),
        (
            "concurrency is at least 1",
            {"spec.limits.concurrency": 1},
            {"spec.limits.concurrency": 0},
            "spec.limits.concurrency",
        ),
        (
            "concurrency is at most 1000",
            {"spec.limits.concurrency": 1000},
            {"spec.limits.concurrency": 1001},
            "spec.limits.concurrency",
        ),
        ("memory is a size", {"spec.limits.memory": "0.5Gi"}, {"spec.limits.memory": "256 MB"}, "spec.limits.memory"),
        ("memory is at least 64Mi", {"spec.limits.memory": "64Mi"}, {"spec.limits.memory": "64M"}, "at least 64Mi"),
        ("cpu is a quantity", {"spec.limits.cpu": "0.5"}, {"spec.limits.cpu": "half"}, "spec.limits.cpu"),
        ("cpu is a text", {"spec.limits.cpu": "2"}, {"spec.limits.cpu": 2}, "spec.limits.cpu"),
        (
            "cpu has at most three places",
            {"spec.limits.cpu": "1.125"},
            {"spec.limits.cpu": "1.1255"},
            "spec.limits.cpu",
        ),
        (
            "cpu is at least 100m",
            {"spec.limits.cpu": "100m"},
            {"spec.limits.cpu": "99m"},
            "at least 100m and at most 64",
        ),
        (
            "autoscaling has an upper bound",
            {"spec.autoscaling": {"maxReplicas": 1}},
            {"spec.autoscaling": {"minReplicas": 1}},
            "spec.autoscaling.maxReplicas: Required value",
        ),
        (
            "autoscaling has bounds in their order",
            {"spec.autoscaling": {"minReplicas": 3, "maxReplicas": 3}},
            {"spec.autoscaling": {"minReplicas": 4, "maxReplicas": 3}},
            "minReplicas must not exceed maxReplicas",
        ),
        (
            "autoscaling goes down to one",
            {"spec.autoscaling": {"minReplicas": 1, "maxReplicas": 3}},
            {"spec.autoscaling": {"minReplicas": 0, "maxReplicas": 3}},
            "spec.autoscaling.minReplicas",
        ),
        (
            "autoscaling goes up to 1000",
            {"spec.autoscaling": {"maxReplicas": 1000}},
            {"spec.autoscaling": {"maxReplicas": 1001}},
            "spec.autoscaling.maxReplicas",
        ),
        (
            "the aim for the CPU is a percentage",
            {"spec.autoscaling": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 100}},
            {"spec.autoscaling": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 101}},
            "spec.autoscaling.targetCPUUtilizationPercentage",
        ),
        (
            "metrics and behavior are passed on as they are",
            {"spec.autoscaling": {"maxReplicas": 3, "metrics": [{"type": "Pods"}], "behavior": {"scaleUp": {}}}},
            {"spec.autoscaling": {"maxReplicas": 3, "metrics": ["Pods"]}},
            "spec.autoscaling.metrics[0]",
        ),
        (
            "rules of the network are passed on as they are",
            {"spec.network": {"ingress": [{"from": [{"podSelector": {}}]}], "egress": []}},
            {"spec.network": {"ingress": {"from": []}}},
            "spec.network.ingress",
        ),
        (
            "labels of Pods are texts",
            {"spec.pod": {"labels": {"team": "sync", "example.com/xkit.dev": "x"}}},
            {"spec.pod": {"labels": {"team": 1}}},
            "spec.pod.labels.team",
        ),
        (
            "labels of Pods are not the operator's own",
            {"spec.pod": {"labels": {"dev.xkit/destination": "x"}}},
            {"spec.pod": {"labels": {"xkit.dev/destination": "x"}}},
            "the operator's own",
        ),
        (
            "annotations of Pods are not the operator's own",
            {"spec.pod": {"annotations": {"example.com/scrape": "true"}}},
            {"spec.pod": {"annotations": {"app.kubernetes.io/name": "x"}}},
            "the operator's own",
        ),
        (
            "resources are those of the two containers",
            {"spec.pod": {"resources": {"dispatcher": {"limits": {"memory": "1Gi"}}}}},
            {"spec.pod": {"resources": {"sidecar": {}}}},
            'unknown field "spec.pod.resources.sidecar"',
        ),
        (
            "limits of the functions are said in one place",
            {"spec.pod": {"resources": {"function": {"requests": {"cpu": "100m"}}}}},
            {"spec.pod": {"resources": {"function": {"limits": {"cpu": "1"}}}}},
            'unknown field "spec.pod.resources.function.limits"',
        ),
        (
            "pull secrets are named once",
            {"spec.pod": {"imagePullSecrets": [{"name": "a"}, {"name": "b"}]}},
            {"spec.pod": {"imagePullSecrets": [{"name": "a"}, {"name": "a"}]}},
            "Duplicate value",
        ),
        (
            "where Pods run is said as in a Pod",
            {"spec.pod": {"nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}], "affinity": {}}},
            {"spec.pod": {"tolerations": {"operator": "Exists"}}},
            "spec.pod.tolerations",
        ),
        (
            "classes have names that objects can have",
            {"spec.pod": {"priorityClassName": "high", "runtimeClassName": "gvisor", "serviceAccountName": "crm"}},
            {"spec.pod": {"priorityClassName": "High"}},
            "spec.pod.priorityClassName",
        ),
        ("paused is true or false", {"spec.paused": True}, {"spec.paused": "yes"}, "spec.paused"),
        ("cpu is at most 64", {"spec.limits.cpu": "64"}, {"spec.limits.cpu": "64001m"}, "at least 100m and at most 64"),
        (
            "auth has tokens",
            {"spec.auth": {"tokens": [_SECRET]}},
            {"spec.auth": {}},
            "spec.auth.tokens: Required value",
        ),
        (
            "auth has at least one token: an empty list would not say who may send",
            {"spec.auth": {"tokens": [_SECRET]}},
            {"spec.auth": {"tokens": []}},
            "spec.auth.tokens",
        ),
        (
            "at most 20 tokens",
            {"spec.auth": {"tokens": [_SECRET] * 20}},
            {"spec.auth": {"tokens": [_SECRET] * 21}},
            "must have at most 20 items",
        ),
        (
            "a token is in a Secret",
            {"spec.auth": {"tokens": [_SECRET, {"secretKeyRef": {"name": "next", "key": "token"}}]}},
            {"spec.auth": {"tokens": [_CONFIG_MAP]}},
            "spec.auth.tokens[0]",
        ),
        (
            "a token names the key of its Secret",
            {"spec.auth": {"tokens": [_SECRET]}},
            {"spec.auth": {"tokens": [{"secretKeyRef": {"name": "crm-api"}}]}},
            "spec.auth.tokens[0].secretKeyRef.key: Required value",
        ),
        ("replicas may be none", {"spec.replicas": 0}, {"spec.replicas": -1}, "spec.replicas"),
        ("replicas are at most 1000", {"spec.replicas": 1000}, {"spec.replicas": 1001}, "spec.replicas"),
        ("replicas are a whole number", {"spec.replicas": 2}, {"spec.replicas": "2"}, "spec.replicas"),
        (
            "revisionHistoryLimit may be none",
            {"spec.revisionHistoryLimit": 0},
            {"spec.revisionHistoryLimit": -1},
            "spec.revisionHistoryLimit",
        ),
        (
            "revisionHistoryLimit is at most 20",
            {"spec.revisionHistoryLimit": 20},
            {"spec.revisionHistoryLimit": 21},
            "spec.revisionHistoryLimit",
        ),
    ]
]

SOURCE_MAPPING_RULES = [
    Rule(title, SOURCE_MAPPING, accepted, refused, says)
    for title, accepted, refused, says in [
        ("a spec is required", {}, {"spec": ABSENT}, "spec: Required value"),
        ("unknown fields are refused", {}, {"spec.sources": []}, 'unknown field "spec.sources"'),
        ("a destination is required", {}, {"spec.destinationRef": ABSENT}, "spec.destinationRef: Required value"),
        (
            "a destination has a name",
            {"spec.destinationRef.name": "other"},
            {"spec.destinationRef": {}},
            "spec.destinationRef.name: Required value",
        ),
        (
            "the name of a destination is one that it can have",
            {"spec.destinationRef.name": "a-1"},
            {"spec.destinationRef.name": "Crm"},
            "spec.destinationRef.name",
        ),
        ("a source is required", {}, {"spec.source": ABSENT}, "spec.source: Required value"),
        ("a source has a slug", {}, {"spec.source": {"object": "contact"}}, "spec.source.slug: Required value"),
        ("a slug is lower case", {"spec.source.slug": "ms-dynamics_365"}, {"spec.source.slug": "HubSpot"}, "slug"),
        ("a slug has at most 63 characters", {"spec.source.slug": "s" * 63}, {"spec.source.slug": "s" * 64}, "slug"),
        ("an object is not empty", {"spec.source.object": "Contact"}, {"spec.source.object": ""}, "spec.source.object"),
        (
            "an object has at most 63 characters",
            {"spec.source.object": "o" * 63},
            {"spec.source.object": "o" * 64},
            "spec.source.object",
        ),
        ("inputs are required, if none", {"spec.inputs": []}, {"spec.inputs": ABSENT}, "spec.inputs: Required value"),
        ("at most 100 entries", {"spec.inputs": _entries(100)}, {"spec.inputs": _entries(101)}, "at most 100 items"),
        ("names are unique", {"spec.inputs": _entries(2)}, {"spec.inputs": _entries(1) * 2}, "Duplicate value"),
        ("an entry has a name", {}, {"spec.inputs.0.name": ABSENT}, "spec.inputs[0].name: Required value"),
        ("names are identifiers", {"spec.inputs.0.name": "a1"}, {"spec.inputs.0.name": "a.b"}, "spec.inputs[0].name"),
        (
            "reserved names are refused",
            {"spec.inputs.0.name": "prototypes"},
            {"spec.inputs.0.name": "prototype"},
            "spec.inputs[0].name",
        ),
        (
            "an entry has a transformation",
            {"spec.inputs.0": {"name": "id", "empty": {}}},
            {"spec.inputs.0": {"name": "id"}},
            "exactly one of direct, static, find, collect, date, empty must be given",
        ),
        (
            "an entry has one transformation",
            {"spec.inputs.0": {"name": "id", "static": {"value": 1}}},
            {"spec.inputs.0": {"name": "id", "static": {"value": 1}, "direct": {"pointer": "/id"}}},
            "exactly one of direct, static, find, collect, date, empty must be given",
        ),
        (
            "empty excludes the others",
            {"spec.inputs.0": {"name": "id", "empty": {}}},
            {"spec.inputs.0": {"name": "id", "empty": {}, "direct": {"pointer": "/id"}}},
            "exactly one of direct, static, find, collect, date, empty must be given",
        ),
        (
            "direct has a pointer",
            {"spec.inputs.0.direct.pointer": ""},
            {"spec.inputs.0.direct": {}},
            "spec.inputs[0].direct.pointer: Required value",
        ),
        (
            "a pointer has at most 1024 characters",
            {"spec.inputs.0.direct.pointer": "/" * 1024},
            {"spec.inputs.0.direct.pointer": "/" * 1025},
            "spec.inputs[0].direct.pointer",
        ),
        (
            "static has a value",
            {"spec.inputs.0": {"name": "id", "static": {"value": ""}}},
            {"spec.inputs.0": {"name": "id", "static": {}}},
            "spec.inputs[0].static.value: Required value",
        ),
        (
            "static is any JSON value but null",
            {"spec.inputs.0": {"name": "id", "static": {"value": [None, {"a": None}]}}},
            {"spec.inputs.0": {"name": "id", "static": {"value": None}}},
            "spec.inputs[0].static.value: Required value",
        ),
        (
            "empty has no configuration",
            {"spec.inputs.0": {"name": "id", "empty": {}}},
            {"spec.inputs.0": {"name": "id", "empty": {"value": 1}}},
            'unknown field "spec.inputs[0].empty.value"',
        ),
        (
            "find has a pointer",
            {"spec.inputs.0": _find(pointer="/a")},
            {"spec.inputs.0": _find(pointer=ABSENT)},
            "spec.inputs[0].find.pointer: Required value",
        ),
        (
            "find says which element is meant",
            {"spec.inputs.0": _find()},
            {"spec.inputs.0": _find(where=ABSENT)},
            "spec.inputs[0].find.where: Required value",
        ),
        (
            "find may do without extract",
            {"spec.inputs.0": _find(extract=ABSENT)},
            {"spec.inputs.0": _find(extract=1)},
            "spec.inputs[0].find.extract",
        ),
        (
            "where has a property",
            {"spec.inputs.0": _where(property="/a/b")},
            {"spec.inputs.0": _where(property=ABSENT)},
            "spec.inputs[0].find.where.property: Required value",
        ),
        (
            "the property is not empty",
            {"spec.inputs.0": _where(property=" ")},
            {"spec.inputs.0": _where(property="")},
            "spec.inputs[0].find.where.property",
        ),
        (
            "where has a value to compare with",
            {"spec.inputs.0": _where(equals=False)},
            {"spec.inputs.0": _where(equals=ABSENT)},
            "spec.inputs[0].find.where.equals: Required value",
        ),
        (
            "nothing equals null",
            {"spec.inputs.0": _where(equals={"a": [None]})},
            {"spec.inputs.0": _where(equals=None)},
            "spec.inputs[0].find.where.equals: Required value",
        ),
        (
            "where compares in one way",
            {"spec.inputs.0": _where(equals="")},
            {"spec.inputs.0": _where(matches=".*")},
            'unknown field "spec.inputs[0].find.where.matches"',
        ),
        (
            "collect has a pointer",
            {"spec.inputs.0": {"name": "id", "collect": {"pointer": "/a", "extract": "/b"}}},
            {"spec.inputs.0": {"name": "id", "collect": {"extract": "/b"}}},
            "spec.inputs[0].collect.pointer: Required value",
        ),
        (
            "collect has an extract",
            {"spec.inputs.0": {"name": "id", "collect": {"pointer": "/a", "extract": ""}}},
            {"spec.inputs.0": {"name": "id", "collect": {"pointer": "/a"}}},
            "spec.inputs[0].collect.extract: Required value",
        ),
        (
            "date has a pointer",
            {"spec.inputs.0": {"name": "id", "date": {"pointer": "/a"}}},
            {"spec.inputs.0": {"name": "id", "date": {"unit": "Auto"}}},
            "spec.inputs[0].date.pointer: Required value",
        ),
        *(
            (
                f"{one} is a unit",
                {"spec.inputs.0": {"name": "id", "date": {"pointer": "/a", "unit": one}}},
                {"spec.inputs.0": {"name": "id", "date": {"pointer": "/a", "unit": one.lower()}}},
                "spec.inputs[0].date.unit: Unsupported value",
            )
            for one in ("Auto", "Seconds", "Milliseconds")
        ),
        *(
            (
                f"every pointer has at most 1024 characters: {place}",
                {"spec.inputs.0": make("/" * 1024)},
                {"spec.inputs.0": make("/" * 1025)},
                f"spec.inputs[0].{place}",
            )
            for place, make in _POINTERS.items()
        ),
        (
            "a default is any JSON value but null",
            {"spec.inputs.0": {**_DIRECT, "default": [None]}},
            {"spec.inputs.0": {**_DIRECT, "default": None}},
            "spec.inputs[0]",
        ),
        *(
            (
                f"{json.dumps(one)} is a default; an entry still needs a transformation",
                {"spec.inputs.0": {**_DIRECT, "default": one}},
                {"spec.inputs.0": {"name": "id", "default": one}},
                "exactly one of",
            )
            for one in ("", 0, 1.5, False, {}, [], {"a": None})
        ),
        *(
            (
                f"a default goes with {next(iter(one))}, not with static",
                {"spec.inputs.0": {"name": "id", **one, "default": "x"}},
                {"spec.inputs.0": {"name": "id", "static": {"value": "y"}, "default": "x"}},
                "spec.inputs[0]",
            )
            for one in (
                {"find": _find()["find"]},
                {"collect": {"pointer": "/a", "extract": "/b"}},
                {"date": {"pointer": "/a"}},
            )
        ),
        (
            "a default does not go with empty",
            {"spec.inputs.0": {"name": "id", "empty": {}}},
            {"spec.inputs.0": {"name": "id", "empty": {}, "default": "x"}},
            "spec.inputs[0]",
        ),
        *(
            (
                f"{one} excludes the others",
                {"spec.inputs.0": {"name": "id", one: configuration}},
                {"spec.inputs.0": {"name": "id", one: configuration, "empty": {}}},
                "exactly one of direct, static, find, collect, date, empty must be given",
            )
            for one, configuration in {
                "find": _find()["find"],
                "collect": {"pointer": "/a", "extract": "/b"},
                "date": {"pointer": "/a"},
            }.items()
        ),
    ]
]

RULES = DESTINATION_RULES + SOURCE_MAPPING_RULES
