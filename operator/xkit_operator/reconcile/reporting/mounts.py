"""Why the volumes of a Pod cannot be mounted: the kubelet says it in Events and nowhere else.

Pure. This is how a missing Secret becomes known to an operator that may not read Secrets.
"""

import re
from collections.abc import Iterable
from typing import Any

from xkit_operator.api.conditions import Reason
from xkit_operator.reconcile.reporting.problem import Problem

_ABSENT = re.compile(r'(secret|configmap) "([^"]+)" not found')
_KEY_ABSENT = re.compile(r"references non-existent (secret|config) key: ([-._a-zA-Z0-9]+)")

_ABSENT_REASONS = {"secret": Reason.SECRET_NOT_FOUND, "configmap": Reason.CONFIG_MAP_NOT_FOUND}
_KEY_ABSENT_REASONS = {"secret": Reason.SECRET_KEY_NOT_FOUND, "config": Reason.CONFIG_MAP_KEY_NOT_FOUND}
_KINDS = {"secret": "Secret", "configmap": "ConfigMap", "config": "ConfigMap"}
_ADVICE = "add what is missing, and the Pods start within minutes; or correct the name in spec.variables or spec.auth"
_SOURCES = {"secret": "secret", "config": "configMap"}


def mount_problem(pod: dict[str, Any], events: Iterable[dict[str, Any]]) -> Problem | None:
    """What the Pod's `events` say is missing; None when they speak of something else, or of something later.

    Of those that a mount has failed the latest counts that names a cause: after minutes the kubelet says in between
    that it has waited for the volumes, and no more.
    """
    for event in sorted(events, key=_time, reverse=True):
        if event.get("reason") != "FailedMount":
            return None
        problem = _absence(pod, event.get("message", ""))
        if problem is not None:
            return problem
    return None


def _absence(pod: dict[str, Any], message: str) -> Problem | None:
    absent = sorted(set(_ABSENT.findall(message)))
    if absent:
        # A name may come as namespace/name when the kubelet's own cache does not know the object.
        names = ", ".join(f"{_KINDS[kind]} {name.rpartition('/')[2]}" for kind, name in absent)
        return Problem(_ABSENT_REASONS[absent[0][0]], f"not found in this namespace: {names}; {_ADVICE}")
    keys = sorted(set(_KEY_ABSENT.findall(message)))
    if keys:
        words = ", ".join(f"{_owner(pod, kind, key)} has no key {key}" for kind, key in keys)
        return Problem(_KEY_ABSENT_REASONS[keys[0][0]], f"{words}; {_ADVICE}")
    return None


def _owner(pod: dict[str, Any], kind: str, key: str) -> str:
    """Which object was asked for `key`: the Event does not name it, but the Pod's volumes do."""
    sources = (
        source.get(_SOURCES[kind])
        for volume in pod["spec"].get("volumes", ())
        for source in volume.get("projected", {}).get("sources", ())
    )
    names = {one["name"] for one in sources if one and any(item["key"] == key for item in one.get("items", ()))}
    return f"{_KINDS[kind]} {' or '.join(sorted(names))}"


def _time(event: dict[str, Any]) -> str:
    series = event.get("series") or {}
    times = (event.get("lastTimestamp"), series.get("lastObservedTime"), event.get("eventTime"))
    return max((time for time in times if time), default="")
