"""Events: what happened to an object, for `kubectl describe` and `kubectl events`.

Written when a condition changed, by `reconcile/`. One that repeats within the window becomes a series of the same
Event, and so does the same with ever other words, such as the last ones of a container that ends again and again. An
Event that cannot be written is logged and lost: it must never keep a reconcile from ending.
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
_WORDINGS = 5  # of one thing that happens to an object: after that many in a window, others count as the latest


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What an Event tells of: that `action` had the outcome `reason`."""

    type: EventType
    action: str
    reason: str


@dataclass
class Series:
    """How often the same thing was said in the words of `note`, and when first and last."""

    note: str
    first: datetime
    last: datetime
    count: int = 1


class EventRecorder:
    """Writes Events in the name of `instance` (the operator's Pod). `now` gives aware UTC times."""

    def __init__(self, cluster: Cluster, *, instance: str, now: Callable[[], datetime]) -> None:
        self._cluster = cluster
        self._instance = instance
        self._now = now
        self._recent: OrderedDict[tuple[str, Happening], list[Series]] = OrderedDict()

    async def record(self, regarding: Object, what: Happening, *, note: str) -> None:
        """Say that `what` happened to the object `regarding`, in the words of `note`."""
        series = self._count((regarding["metadata"]["uid"], what), _bounded(note))
        event = event_object(regarding, what, instance=self._instance, series=series)
        # An apply costs the API server more than a plain new object does, and one is needed for a series only.
        write = self._cluster.create if series.count == 1 else self._cluster.apply
        try:
            await write(event)
        except XkitError as error:
            logger.warning("An Event is lost: %s", error)

    def _count(self, key: tuple[str, Happening], note: str) -> Series:
        now = self._now()
        said = [series for series in self._recent.pop(key, ()) if now - series.last <= _WINDOW]
        same = next((series for series in said if series.note == note), said[-1] if len(said) >= _WORDINGS else None)
        if same is None:
            same = Series(note=note, first=now, last=now)
        else:
            said.remove(same)
            same.last = now
            same.count += 1
        self._recent[key] = [*said, same]
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)
        return same


def event_object(regarding: Object, what: Happening, *, instance: str, series: Series) -> Object:
    """The Event as the API server takes it: once created, nothing but `series` may change."""
    metadata = regarding["metadata"]
    said = (metadata["uid"], what.type, what.action, what.reason, series.note, micro_time(series.first))
    identity = "\n".join(said)
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
        "type": what.type,
        "action": what.action,
        "reason": what.reason,
        "note": series.note,
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
