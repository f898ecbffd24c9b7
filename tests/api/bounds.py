"""What a schema refuses, bound by bound, and which of the bounds an answer of the API server speaks of."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]

KEYWORDS = (
    *("enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "format"),
    *("minItems", "maxItems", "maxProperties", "oneOf", "not"),
)
_NO_BOUNDS = (
    *("type", "properties", "items", "additionalProperties", "required", "description", "default", "nullable"),
    *("x-kubernetes-validations", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"),
    "x-kubernetes-preserve-unknown-fields",
)
_UNIQUE = {"map", "set"}

_BY_REASON = {
    "FieldValueRequired": {"required"},
    "FieldValueNotSupported": {"enum"},
    "FieldValueTooLong": {"maxLength"},
    "FieldValueTooMany": {"maxItems", "maxProperties"},
    "FieldValueDuplicate": {"unique"},
}
_BY_MESSAGE = {
    "should match": "pattern",
    "chars long": "minLength",
    "greater than or equal": "minimum",
    "less than or equal": "maximum",
    "should have at least": "minItems",
    "(oneOf)": "oneOf",
    "(not)": "not",
    "date-time": "format",
}
_FIELD_IN_MESSAGE = re.compile(r'"([^"]+)" must')


class Bound(NamedTuple):
    """A bound and the field that it holds for, such as `spec.inputs[].name` and `maxLength`; rules by their message."""

    field: str
    keyword: str


def bounds(field: str, schema: Schema) -> Iterator[Bound]:
    """All bounds of a field and of those below it. Types are not among them.

    Raises ValueError for a word that may be a bound which nobody looks at.
    """
    if strange := schema.keys() - {*KEYWORDS, *_NO_BOUNDS}:
        raise ValueError(f"{field} has a bound that is not known here: {sorted(strange)}")
    yield from (Bound(field, keyword) for keyword in KEYWORDS if keyword in schema)
    yield from (Bound(field, rule["message"]) for rule in schema.get("x-kubernetes-validations", ()))
    if schema.get("x-kubernetes-list-type") in _UNIQUE:
        yield Bound(f"{field}[]", "unique")
    yield from (Bound(f"{field}.{name}", "required") for name in schema.get("required", ()))
    for below, child in children(field, schema):
        yield from bounds(below, child)


def children(field: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The schemas right below a field, with their own fields."""
    yield from ((f"{field}.{name}", child) for name, child in schema.get("properties", {}).items())
    if "items" in schema:
        yield f"{field}[]", schema["items"]
    if "additionalProperties" in schema:
        yield f"{field}.*", schema["additionalProperties"]


def broken(answer: Schema, known: set[Bound]) -> set[Bound]:
    """Those of the `known` bounds that a Status of the API server names."""
    causes = answer.get("details", {}).get("causes", ())
    return {bound for cause in causes for bound in known if _speaks_of(cause, bound)}


def _speaks_of(cause: Mapping[str, str], bound: Bound) -> bool:
    message = cause["message"]
    named = "".join(_FIELD_IN_MESSAGE.findall(message)) if cause["field"] == "<nil>" else cause["field"]
    field = re.escape(bound.field).replace(r"\*", ".+")
    if not re.fullmatch(field, re.sub(r"\[[0-9]+\]", "[]", named)):
        return False
    if bound.keyword in KEYWORDS:
        found = {keyword for text, keyword in _BY_MESSAGE.items() if text in message}
        return bound.keyword in found | _BY_REASON.get(cause["reason"], set())
    return bound.keyword in _BY_REASON.get(cause["reason"], ()) or message.endswith(f": {bound.keyword}")
