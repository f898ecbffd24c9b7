"""The inputs of a Destination."""

from tests.vectors.api_rules.rule import ABSENT, DESTINATION, rules


def _inputs(count: int) -> list[dict[str, str]]:
    return [{"name": f"input{number}", "type": "string"} for number in range(count)]


INPUT_RULES = rules(
    DESTINATION,
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
        "names that JavaScript keeps for itself",
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
    ("an input has a name", {}, {"spec.inputs.0.name": ABSENT}, "spec.inputs[0].name: Required value"),
)
