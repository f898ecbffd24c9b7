"""The variables of a Destination."""

from typing import Any

from tests.vectors.api_rules.rule import ABSENT, DESTINATION, rules

_SECRET = {"secretKeyRef": {"name": "crm-api", "key": "token"}}
_CONFIG_MAP = {"configMapKeyRef": {"name": "crm-api", "key": "url"}}


def _variables(count: int) -> list[dict[str, Any]]:
    return [{"name": f"variable{number}", "value": number} for number in range(count)]


VARIABLE_RULES = rules(
    DESTINATION,
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
        "names that JavaScript keeps for itself",
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
    (
        "names of variables have at most 63 characters",
        {"spec.variables.0.name": "a" * 63},
        {"spec.variables.0.name": "a" * 64},
        "spec.variables[0].name: Too long",
    ),
)
