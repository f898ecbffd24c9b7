"""The inputs of a SourceMapping: one transformation each."""

import json
from collections.abc import Callable
from typing import Any

from tests.vectors.api_rules.rule import ABSENT, SOURCE_MAPPING, rules


def _entries(count: int) -> list[dict[str, Any]]:
    return [{"name": f"input{number}", "empty": {}} for number in range(count)]


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

ENTRY_RULES = rules(
    SOURCE_MAPPING,
    ("inputs are required, if none", {"spec.inputs": []}, {"spec.inputs": ABSENT}, "spec.inputs: Required value"),
    ("at most 100 entries", {"spec.inputs": _entries(100)}, {"spec.inputs": _entries(101)}, "at most 100 items"),
    ("names are unique", {"spec.inputs": _entries(2)}, {"spec.inputs": _entries(1) * 2}, "Duplicate value"),
    ("an entry has a name", {}, {"spec.inputs.0.name": ABSENT}, "spec.inputs[0].name: Required value"),
    ("names are identifiers", {"spec.inputs.0.name": "a1"}, {"spec.inputs.0.name": "a.b"}, "spec.inputs[0].name"),
    (
        "reserved names are refused",
        {"spec.inputs.0.name": "prototypes"},
        {"spec.inputs.0.name": "prototype"},
        "names that JavaScript keeps for itself",
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
    (
        "names have at most 63 characters",
        {"spec.inputs.0.name": "n" * 63},
        {"spec.inputs.0.name": "n" * 64},
        "spec.inputs[0].name: Too long",
    ),
    (
        "a null unit is the default",
        {"spec.inputs.0": {"name": "id", "date": {"pointer": "/a", "unit": None}}},
        {"spec.inputs.0": {"name": "id", "date": {"pointer": None, "unit": "Auto"}}},
        "spec.inputs[0].date.pointer: Required value",
    ),
)
