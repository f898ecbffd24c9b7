"""What a change of a CRD breaks for objects, manifests and scripts that are there already. Pure: CRDs in, words out.

Everything that is not known to be harmless counts as a break, words of schemas that nobody uses yet included.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_LOWER = {"minimum", "minLength", "minItems", "minProperties"}
_UPPER = {"maximum", "maxLength", "maxItems", "maxProperties"}
_MAY_GO = {"pattern", "format", "oneOf", "anyOf", "allOf", "not", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"}
_MAY_COME = {"nullable", "x-kubernetes-preserve-unknown-fields"}
_FREE = {"description", "externalDocs", "example"}
_CHILDREN = {"properties", "items", "additionalProperties"}
_OWN = {"required", "enum", "x-kubernetes-validations"}


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Each break of the CRD `new` for users of the CRD `old`, sorted."""
    return sorted([*_frame(old["spec"], new["spec"]), *_versions(old["spec"], new["spec"])])


def _frame(old: Schema, new: Schema) -> Iterator[str]:
    for part in ("group", "scope"):
        if old[part] != new[part]:
            yield f"{part} was {old[part]} and is {new[part]}"
    for part, name in old["names"].items():
        now = new["names"].get(part)
        gone = set(name) - set(now or ()) if isinstance(name, list) else {name} - {now}
        yield from (f"names.{part} no longer has {one}" for one in gone)


def _versions(old: Schema, new: Schema) -> Iterator[str]:
    served = {version["name"]: version for version in new["versions"] if version["served"]}
    for version in old["versions"]:
        if version["name"] not in served:
            yield f"version {version['name']} is no longer served"
            continue
        now = served[version["name"]]
        yield from _surface(version, now)
        yield from _schema("", version["schema"]["openAPIV3Schema"], now["schema"]["openAPIV3Schema"])


def _surface(old: Schema, new: Schema) -> Iterator[str]:
    for name, subresource in old.get("subresources", {}).items():
        if new.get("subresources", {}).get(name) != subresource:
            yield f"subresource {name} is gone or changed"
    columns = {one["name"]: (one["type"], one["jsonPath"]) for one in new.get("additionalPrinterColumns", ())}
    for one in old.get("additionalPrinterColumns", ()):
        if columns.get(one["name"]) != (one["type"], one["jsonPath"]):
            yield f"column {one['name']} is gone or shows something else"
    for one in old.get("selectableFields", ()):
        if one not in new.get("selectableFields", ()):
            yield f"objects are no longer selected by {one['jsonPath']}"


def _schema(field: str, old: Schema, new: Schema) -> Iterator[str]:
    here = field or "the object"
    yield from (f"{here}: {what}" for what in (*_own(old, new), *_words(old, new)))
    for name in old.get("properties", {}):
        if name in new.get("properties", {}):
            yield from _schema(f"{field}.{name}".lstrip("."), old["properties"][name], new["properties"][name])
        else:
            yield f"{f'{field}.{name}'.lstrip('.')}: the field is gone"
    for below, suffix in (("items", "[]"), ("additionalProperties", ".*")):
        if below in old and below in new:
            yield from _schema(f"{field}{suffix}", old[below], new[below])
        elif below in old or below in new:
            yield f"{here}: {below} came or went"


def _own(old: Schema, new: Schema) -> Iterator[str]:
    yield from (f"{name} is newly required" for name in set(new.get("required", ())) - set(old.get("required", ())))
    known = {rule["rule"] for rule in old.get("x-kubernetes-validations", ())}
    rules = new.get("x-kubernetes-validations", ())
    yield from (f"there is a new rule: {rule['message']}" for rule in rules if rule["rule"] not in known)
    if "enum" in new:
        gone = [repr(value) for value in old.get("enum", ()) if value not in new["enum"]]
        yield from (f"the value {value} is gone" for value in gone)
        if "enum" not in old:
            yield "only some values are taken now"


def _words(old: Schema, new: Schema) -> Iterator[str]:
    """Breaks by the words of the schema that have one value."""
    for word in (old.keys() | new.keys()) - _FREE - _CHILDREN - _OWN:
        before, now = old.get(word), new.get(word)
        if before != now and not _is_wider(word, before, now):
            yield f"{word} was {before} and is {now}"


def _is_wider(word: str, before: Any, now: Any) -> bool:
    if now is None:
        return word in _LOWER | _UPPER | _MAY_GO
    if before is None:
        return word in _MAY_COME
    return (word in _LOWER and now < before) or (word in _UPPER and now > before)
