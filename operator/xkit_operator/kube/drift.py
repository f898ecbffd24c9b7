"""Whether an object in the cluster is still what we applied: the comparison that spares a write.

Pure. Two things are asked: was the last apply of the same content (a hash in an annotation, which also tells when a
field has left the content), and does every field of it still have its value (somebody may have edited it). Fields
that the server or others added are none of our business, as in server-side apply, and a quantity may be written in
another way.
"""

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

HASH_ANNOTATION = "xkit.dev/applied-hash"

# The keys by which Kubernetes tells the elements of its list-maps apart, in the order in which they are tried.
_LIST_KEYS = ("name", "mountPath", "containerPort", "port", "uid", "key")

_QUANTITY = re.compile(r"([+-]?[0-9]+(?:\.[0-9]*)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")
_DECIMAL = {suffix: Decimal(1000) ** power for power, suffix in enumerate("num kMGTPE", -3)} | {"": Decimal(1)}
_BINARY = {f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", 1)}


def stamped(desired: dict[str, Any]) -> dict[str, Any]:
    """A copy of `desired` that carries its own hash."""
    metadata = desired["metadata"]
    annotations = metadata.get("annotations", {}) | {HASH_ANNOTATION: hash_of(desired)}
    return desired | {"metadata": metadata | {"annotations": annotations}}


def hash_of(desired: dict[str, Any]) -> str:
    """16 hexadecimal digits of the content."""
    text = json.dumps(desired, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def in_place(wanted: Any, live: Any) -> bool:
    """Whether `live` has all of `wanted`, a stamped object or a part of one, with the same values."""
    if isinstance(wanted, dict):
        # An empty list or object is often not stored at all.
        return isinstance(live, dict) and all(
            in_place(value, live[key]) if key in live else value in ([], {}) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(live, list) and _elements_in_place(wanted, live)
    return bool(wanted == live) or _is_same_quantity(wanted, live)


def _is_same_quantity(wanted: Any, live: Any) -> bool:
    """Whether both are one quantity in two ways, such as 0.5 and "500m": the server writes them in a way of its own."""
    if isinstance(wanted, bool) or not isinstance(wanted, int | float | str) or not isinstance(live, str):
        return False
    amounts = [_amount(wanted), _amount(live)]
    return amounts[0] is not None and amounts[0] == amounts[1]


def _amount(quantity: float | str) -> Decimal | None:
    found = _QUANTITY.fullmatch(str(quantity))
    if found is None:
        return None
    number, suffix = found.groups("")
    return Decimal(number) * (_DECIMAL | _BINARY)[suffix]


def _elements_in_place(wanted: list[Any], live: list[Any]) -> bool:
    key = _list_key(wanted)
    if key is None:
        return len(wanted) == len(live) and all(map(in_place, wanted, live))
    by_key = {element.get(key): element for element in live if isinstance(element, dict)}
    return all(element[key] in by_key and in_place(element, by_key[element[key]]) for element in wanted)


def _list_key(elements: list[Any]) -> str | None:
    if not elements or not all(isinstance(element, dict) for element in elements):
        return None
    return next((key for key in _LIST_KEYS if _tells_apart(key, elements)), None)


def _tells_apart(key: str, elements: list[dict[str, Any]]) -> bool:
    values = [element[key] for element in elements if isinstance(element.get(key), str | int)]
    return len(values) == len(elements) == len(set(values))
