"""References to keys of Secrets and ConfigMaps, and names of other objects, wherever a Destination has them."""

from collections.abc import Callable
from typing import Any

from tests.vectors.api_rules.rule import DESTINATION, rules

Change = dict[str, Any]

_REFERENCES: dict[str, Callable[[Any], Change]] = {
    "spec.variables[0].valueFrom.secretKeyRef": lambda reference: {
        "spec.variables.0": {"name": "a", "valueFrom": {"secretKeyRef": reference}}
    },
    "spec.variables[0].valueFrom.configMapKeyRef": lambda reference: {
        "spec.variables.0": {"name": "a", "valueFrom": {"configMapKeyRef": reference}}
    },
    "spec.functions.upsert.sourceFrom.configMapKeyRef": lambda reference: {
        "spec.functions.upsert": {"sourceFrom": {"configMapKeyRef": reference}}
    },
    "spec.functions.delete.sourceFrom.configMapKeyRef": lambda reference: {
        "spec.functions.delete": {"sourceFrom": {"configMapKeyRef": reference}}
    },
    "spec.auth.tokens[0].secretKeyRef": lambda reference: {"spec.auth": {"tokens": [{"secretKeyRef": reference}]}},
}

_NAMES: dict[str, Callable[[str], Change]] = {
    "spec.pod.imagePullSecrets[0].name": lambda name: {"spec.pod": {"imagePullSecrets": [{"name": name}]}},
    "spec.pod.priorityClassName": lambda name: {"spec.pod": {"priorityClassName": name}},
    "spec.pod.runtimeClassName": lambda name: {"spec.pod": {"runtimeClassName": name}},
    "spec.pod.serviceAccountName": lambda name: {"spec.pod": {"serviceAccountName": name}},
    **{
        f"{place}.name": lambda name, make=make: make({"name": name, "key": "k"})  # type: ignore[misc]
        for place, make in _REFERENCES.items()
    },
}

REFERENCE_RULES = [
    rule
    for place, make in _REFERENCES.items()
    for rule in rules(
        DESTINATION,
        (
            f"a reference has a name: {place}",
            make({"name": "crm-api", "key": "token"}),
            make({"key": "token"}),
            f"{place}.name: Required value",
        ),
        (
            f"a reference has a key: {place}",
            make({"name": "crm-api", "key": "token"}),
            make({"name": "crm-api"}),
            f"{place}.key: Required value",
        ),
        (
            f"a key is one that data can have: {place}",
            make({"name": "crm-api", "key": ".a_b..C-1"}),
            make({"name": "crm-api", "key": ".."}),
            f"{place}.key",
        ),
        (
            f"a key has at most 253 characters: {place}",
            make({"name": "crm-api", "key": "k" * 253}),
            make({"name": "crm-api", "key": "k" * 254}),
            f"{place}.key",
        ),
    )
] + [
    rule
    for place, make in _NAMES.items()
    for rule in rules(
        DESTINATION,
        (f"a name is one that objects can have: {place}", make("a.b-c"), make("a..b"), place),
        (f"a name is in lower case: {place}", make("crm"), make("Crm"), place),
        (f"a name has at most 253 characters: {place}", make("n" * 253), make("n" * 254), place),
    )
]
