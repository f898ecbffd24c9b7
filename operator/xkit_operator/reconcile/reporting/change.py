"""When the spec of an object was last changed, as the API server tells: what is timed, or waited for, starts there.

Pure. The times are those of the server's own record of who set which field, in whole seconds. An edit that only takes
fields away, by other means than an apply, leaves no time in it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from xkit_operator.api.conditions import ConditionType, find_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.kube.client import MANAGER
from xkit_operator.reconcile.reporting.writing import time_of

AWAITED_SECONDS = 120.0
"""For how long after a change what the spec refers to may come yet: a kubelet looks for a Secret again within half."""

_GRAIN = 1.0  # seconds: a time that was cut off says that at least so much less has passed


def changed_at(obj: dict[str, Any]) -> datetime:
    """When somebody last set a field of the spec."""
    metadata = obj["metadata"]
    return max([time_of(metadata["creationTimestamp"]), *_times(metadata, "f:spec")])


def still_awaited(obj: dict[str, Any], now: datetime) -> float:
    """For how many seconds what the spec of `obj` refers to may come yet; 0 when that time is over."""
    return max(0.0, AWAITED_SECONDS - (now - changed_at(obj)).total_seconds())


def waited(obj: dict[str, Any], now: datetime) -> float:
    """For how many seconds, at least, the last change of `obj`, as read, has waited for somebody to look at it.

    A status is only written onto the object as it was read. So a change that it does not speak of is younger than
    the last write of ours: an older time is that of another change.
    """
    changed, seen = changed_at(obj), max(_times(obj["metadata"], "f:status", manager=MANAGER), default=None)
    if seen is not None and changed < seen:
        return 0.0
    return max(0.0, (now - changed).total_seconds() - _GRAIN)


def goes_on(obj: dict[str, Any], status: DestinationStatus, now: datetime) -> float | None:
    """Since how many seconds, at least, `obj` is on its way to Ready with the spec that it has; None when it is not.

    For a process that comes to it in the middle. What was Ready since the change and fell back is not on its way.
    """
    ready = find_condition(status.conditions, ConditionType.READY)
    on_its_way = find_condition(status.conditions, ConditionType.RECONCILING)
    if ready is None or on_its_way is None or status.observed_generation != obj["metadata"]["generation"]:
        return None
    changed = changed_at(obj)
    if (time_of(ready.last_transition_time) - changed).total_seconds() > 2 * _GRAIN:
        return None
    return max(0.0, (now - changed).total_seconds() - _GRAIN)


def _times(metadata: dict[str, Any], field: str, manager: str | None = None) -> Iterator[datetime]:
    for one in metadata.get("managedFields", ()):
        if field in one.get("fieldsV1", {}) and "time" in one and manager in (None, one.get("manager")):
            yield time_of(one["time"])
