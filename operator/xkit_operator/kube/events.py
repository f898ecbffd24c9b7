"""Events: what happened to an object, for `kubectl describe` and `kubectl events`.

Written when a condition changed, by `reconcile/`. One that repeats within the window becomes a series of the same
Event. An Event that cannot be written is logged and lost: it must never keep a reconcile from ending.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from xkit_operator.errors import XkitError
from xkit_operator.kube.client import MANAGER, Cluster, Object
from xkit_operator.kube.kinds import api_version
from xkit_operator.kube.micro_time import micro_time

logger = logging.getLogger(__name__)

EventType = Literal["Normal", "Warning"]

_LONGEST_NOTE = 1024  # bytes, although the API's refusal speaks of characters
_WINDOW = timedelta(minutes=10)
_REMEMBERED = 4096


@dataclass
class Series:
    """How often the same thing was said, and when first and last."""

    first: datetime
    last: datetime
    count: int = 1


class EventRecorder:
    """Writes Events in the name of `instance` (the operator's Pod). `now` gives aware UTC times."""

    def __init__(self, cluster: Cluster, *, instance: str, now: Callable[[], datetime]) -> None:
        self._cluster = cluster
        self._instance = instance
        self._now = now
        self._recent: OrderedDict[tuple[str, ...], Series] = OrderedDict()

    async def record(self, regarding: Object, *, type: EventType, action: str, reason: str, note: str) -> None:
        """Say that `action` had the outcome `reason`, in the words of `note`, with the object `regarding`."""
        note = _bounded(note)
        series = self._count((regarding["metadata"]["uid"], type, action, reason, note))
        event = event_object(
            regarding, type=type, action=action, reason=reason, note=note, instance=self._instance, series=series
        )
        try:
            await self._cluster.apply(event)
        except XkitError as error:
            logger.warning("An Event is lost: %s", error)

    def _count(self, key: tuple[str, ...]) -> Series:
        now = self._now()
        series = self._recent.pop(key, None)
        if series is None or now - series.last > _WINDOW:
            series = Series(first=now, last=now)
        else:
            series.last = now
            series.count += 1
        self._recent[key] = series
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)
        return series


def event_object(
    regarding: Object, *, type: EventType, action: str, reason: str, note: str, instance: str, series: Series
) -> Object:
    """The Event as the API server takes it: once created, nothing but `series` may change."""
    metadata = regarding["metadata"]
    identity = "\n".join((metadata["uid"], type, action, reason, note, micro_time(series.first)))
    event: Object = {
        "apiVersion": api_version("Event"),
        "kind": "Event",
        "metadata": {
            "namespace": metadata["namespace"],
            "name": f"{metadata['name']}.{hashlib.sha256(identity.encode()).hexdigest()[:16]}",
        },
        "eventTime": micro_time(series.first),
        "reportingController": MANAGER,
        "reportingInstance": instance,
        "type": type,
        "action": action,
        "reason": reason,
        "note": note,
        "regarding": {
            "apiVersion": regarding["apiVersion"],
            "kind": regarding["kind"],
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "uid": metadata["uid"],
        },
    }
    if series.count > 1:
        event["series"] = {"count": series.count, "lastObservedTime": micro_time(series.last)}
    return event


def _bounded(note: str) -> str:
    data = note.encode()
    return note if len(data) <= _LONGEST_NOTE else data[: _LONGEST_NOTE - 3].decode(errors="ignore") + "…"
