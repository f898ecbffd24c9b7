"""JSON schema as pydantic writes it, turned into the structural schema that a CRD may carry.

Each rule here is one thing that the API server refuses or would misread. Used by crd.py alone.
"""

from typing import Any

from xkit_operator.api.descriptions import FieldDescriptions

_UNKNOWN_TO_THE_SERVER = {"title", "discriminator", "$defs", "examples", "const", "propertyNames"}
_COMBINED = {"$ref", "anyOf"}


def structural(node: dict[str, Any], defs: dict[str, Any], descriptions: FieldDescriptions) -> dict[str, Any]:
    """One node of a schema, with its references inlined."""
    node = _inlined(node, defs)
    out = {key: value for key, value in node.items() if key not in _UNKNOWN_TO_THE_SERVER}
    if "const" in node:
        out["enum"] = [node["const"]]
    if out.get("default", ...) in (
        None,
        [],
        {},
    ):  # absent means the same, and leaves objects as their authors wrote them
        del out["default"]
    for bound in ("Minimum", "Maximum"):  # a number in JSON schema, a flag in OpenAPI 3.0
        if f"exclusive{bound}" in out:
            out[bound.lower()] = out[f"exclusive{bound}"]
            out[f"exclusive{bound}"] = True
    if "description" in out:
        out["description"] = " ".join(out["description"].split())
    texts = descriptions.get(node.get("title", ""), {})
    if out.get("properties") == {}:  # the server forgets them, and Argo CD would bring them again and again
        del out["properties"]
    if "properties" in out:
        out["properties"] = {
            name: structural(_described(child, texts.get(name)), defs, descriptions)
            for name, child in out["properties"].items()
        }
    if "items" in out:
        out["items"] = structural(out["items"], defs, descriptions)
    # false is what the server does anyway, and excludes properties
    extra = out.pop("additionalProperties", None)
    if isinstance(extra, dict):
        out["additionalProperties"] = structural(extra, defs, descriptions)
    return out


def _inlined(node: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """The node without $ref and anyOf; what stands beside them wins over what they bring in."""
    while _COMBINED & node.keys():
        beside = {key: value for key, value in node.items() if key not in _COMBINED}
        if "$ref" in node:
            node = {**defs[node["$ref"].rpartition("/")[2]], **beside}
            continue
        # a field that may be None in Python is an absent one on the wire: the server would refuse the type null
        real = [option for option in node["anyOf"] if option != {"type": "null"}]
        if len(real) != 1:
            raise ValueError(f"a union of {len(real)} types has no structural form: {node}")
        beside.pop("title", None)  # that of the field; the type's own leads to the descriptions of its fields
        node = {**real[0], **beside}
    return node


def _described(node: dict[str, Any], description: str | None) -> dict[str, Any]:
    return {**node, "description": description} if description else node
