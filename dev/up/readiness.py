"""Reads Destinations and SourceMappings: are they Ready, and what do they say while they are not.

Pure: the objects are given as JSON. The rule is that of `kubectl wait`: a status that speaks about an older
generation says nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any


def is_ready(obj: Mapping[str, Any]) -> bool:
    """Whether the status speaks about the present spec and says Ready."""
    ready = _condition(obj, "Ready")
    return _is_current(obj) and ready is not None and ready["status"] == "True"


def says(obj: Mapping[str, Any]) -> str:
    """One line: the object, each condition and, unless it is Ready, why."""
    name = f"{obj['kind'].lower()}/{obj['metadata']['name']}"
    if not _is_current(obj):
        return f"{name}: not looked at yet"
    conditions = obj["status"].get("conditions", [])
    told = " ".join(f"{condition['type']}={condition['status']}" for condition in conditions)
    ready = _condition(obj, "Ready")
    if ready is None or ready["status"] == "True":
        return f"{name}: {told}"
    return f"{name}: {told} ({ready['reason']}: {ready['message']})"


def stalled(objects: Iterable[Mapping[str, Any]]) -> list[str]:
    """What those say that wait for somebody to act."""
    found = []
    for obj in objects:
        condition = _condition(obj, "Stalled")
        if _is_current(obj) and condition is not None and condition["status"] == "True":
            found.append(says(obj))
    return found


def _is_current(obj: Mapping[str, Any]) -> bool:
    observed = obj.get("status", {}).get("observedGeneration", -1)
    return bool(observed >= obj["metadata"]["generation"])


def _condition(obj: Mapping[str, Any], kind: str) -> Mapping[str, Any] | None:
    conditions: list[dict[str, Any]] = obj.get("status", {}).get("conditions", [])
    return next((condition for condition in conditions if condition["type"] == kind), None)
