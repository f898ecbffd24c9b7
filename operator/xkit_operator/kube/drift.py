"""Whether an object in the cluster is still what we applied: the comparison that spares a write.

Pure. Two things are asked: was the last apply of the same content (a hash in an annotation, which also tells when a
field has left the content), and does every field of it still have its value (somebody may have edited it). Fields
that the server or others added are none of our business, as in server-side apply.
"""

import hashlib
import json
from typing import Any

HASH_ANNOTATION = "xkit.dev/applied-hash"

# The keys by which Kubernetes tells the elements of its list-maps apart, in the order in which they are tried.
_LIST_KEYS = ("name", "mountPath", "containerPort", "port", "uid", "key")


def stamped(desired: dict[str, Any]) -> dict[str, Any]:
    """A copy of `desired` that carries its own hash."""
    text = json.dumps(desired, sort_keys=True, separators=(",", ":"))
    metadata = desired["metadata"]
    annotations = metadata.get("annotations", {}) | {HASH_ANNOTATION: hashlib.sha256(text.encode()).hexdigest()[:16]}
    return desired | {"metadata": metadata | {"annotations": annotations}}


def in_place(wanted: Any, live: Any) -> bool:
    """Whether `live` has all of `wanted`, a stamped object or a part of one, with the same values."""
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(key in live and in_place(wanted[key], live[key]) for key in wanted)
    if isinstance(wanted, list):
        return isinstance(live, list) and _elements_in_place(wanted, live)
    return bool(wanted == live)


def _elements_in_place(wanted: list[Any], live: list[Any]) -> bool:
    key = _list_key(wanted)
    if key is None:
        return len(wanted) == len(live) and all(map(in_place, wanted, live))
    by_key = {element.get(key): element for element in live if isinstance(element, dict)}
    return all(element[key] in by_key and in_place(element, by_key[element[key]]) for element in wanted)


def _list_key(elements: list[Any]) -> str | None:
    if not elements or not all(isinstance(element, dict) for element in elements):
        return None
    return next((key for key in _LIST_KEYS if all(key in element for element in elements)), None)
