"""Short ways to write mappings and inputs in tests, and how results are compared."""

from typing import Any, get_args

from xkit_operator.api.destination import Input, InputType
from xkit_operator.api.sourcemapping import SourceMappingSpec

TYPES: tuple[InputType, ...] = get_args(InputType)


def mapping_of(entries: list[dict[str, Any]]) -> SourceMappingSpec:
    """A mapping with entries as users write them."""
    return SourceMappingSpec.model_validate(
        {"destinationRef": {"name": "d"}, "source": {"slug": "s"}, "inputs": entries}
    )


def mapping(**entries: dict[str, Any]) -> SourceMappingSpec:
    return mapping_of([{"name": name, **entry} for name, entry in entries.items()])


def direct(pointer: str) -> dict[str, Any]:
    return {"direct": {"pointer": pointer}}


def static(value: Any) -> dict[str, Any]:
    return {"static": {"value": value}}


def required(name: str, kind: InputType = "string") -> Input:
    return Input(name=name, type=kind)


def optional(name: str, kind: InputType = "string") -> Input:
    return Input(name=name, type=kind, optional=True)


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, and 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)
