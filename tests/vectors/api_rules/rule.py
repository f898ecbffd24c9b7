"""What a rule of the two kinds is, and the objects that rules are tried on."""

import copy
from dataclasses import dataclass
from enum import Enum
from typing import Any

ABSENT = Enum("Absent", "ABSENT").ABSENT
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


def rules(base: dict[str, Any], *rows: tuple[str, dict[str, Any], dict[str, Any], str]) -> list[Rule]:
    """Rules for changes to one object: title, accepted, refused, says."""
    return [Rule(title, base, accepted, refused, says) for title, accepted, refused, says in rows]
