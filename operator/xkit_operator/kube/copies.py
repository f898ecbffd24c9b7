"""What our objects were when last read, written or told of by a watch, for the reconcile that comes a moment later.

A reconcile reads a Destination, its SourceMappings and its Deployment, and in a rollout comes back to them again and
again; nearly always the operator has just been told what they are. As with any informer, a watch may be behind: each
write says which version it is meant for, and what is refused for that is read anew. Of words that are late by much
nothing is kept: who has an object that is gone by now for one that is there would make all that belongs to it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import json

from xkit_operator.kube.lateness import Lateness
from xkit_operator.kube.versions import Place, place_of

SECONDS = 30.0
"""For how long a copy is trusted: a watch whose connection is dead says nothing, and ends no sooner than it notices."""
MOST_BYTES = 12 * 2**20
"""Of all copies: a bulk of thousands is read once more instead. The first of them are worked on first, and kept."""
_KINDS = frozenset(("Destination", "SourceMapping", "Deployment"))


@dataclass(frozen=True, slots=True)
class _Copy:
    version: int
    text: bytes
    """Empty when the object was deleted in this version, or has to be read."""
    kept: float


class Copies:
    """By place, of the newest version that was met with; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._copies: dict[Place, _Copy] = {}  # the oldest come first
        self._lateness = Lateness(clock)
        self.bytes = 0
        """That they hold."""

    def get(self, kind: str, *, namespace: str, name: str) -> dict[str, Any] | None:
        """The object, if it is known; a copy that the caller may change."""
        copy = self._copies.get((kind, namespace, name))
        if copy is None or not copy.text or self._is_old(copy):
            return None
        obj: dict[str, Any] = json.decode(copy.text)
        return obj

    def keep(self, obj: Mapping[str, Any]) -> None:
        """The API server has just answered that an object is this."""
        self._keep(obj, deleted=False, told=False)

    def hear(self, obj: Mapping[str, Any], *, deleted: bool = False) -> None:
        """A watch tells that an object is this, or was when it was deleted."""
        self._keep(obj, deleted=deleted, told=True)

    def drop(self, place: Place) -> None:
        """What is there is not what it was; what was there before that is not either."""
        copy = self._pop(place)
        if copy is not None:
            self._copies[place] = _Copy(copy.version, b"", self._clock())

    def drop_all(self) -> None:
        """Have everything read. What is older than the copies were stays known to be so."""
        self._copies = {place: _Copy(copy.version, b"", copy.kept) for place, copy in self._copies.items()}
        self.bytes = 0

    def _keep(self, obj: Mapping[str, Any], *, deleted: bool, told: bool) -> None:
        if obj.get("kind") not in _KINDS:  # of an item of a list nothing is said, unless it is one of our own kinds
            return
        self._forget_old_ones()
        place = place_of(obj["kind"], obj["metadata"])
        version = _number(obj["metadata"]["resourceVersion"])
        if version is None:
            self._pop(place)
            return
        before = self._copies.get(place)
        if before is not None and version < before.version:
            return
        late = told and self._lateness.is_late(place[0], version)
        self._lateness.met(place[0], version)
        self._pop(place)
        text = b"" if deleted or late else json.encode(obj)
        if self.bytes + len(text) <= MOST_BYTES:
            self._copies[place] = _Copy(version, text, self._clock())
            self.bytes += len(text)

    def _pop(self, place: Place) -> _Copy | None:
        copy = self._copies.pop(place, None)
        if copy is not None:
            self.bytes -= len(copy.text)
        return copy

    def _forget_old_ones(self) -> None:
        while self._copies:
            place, copy = next(iter(self._copies.items()))
            if not self._is_old(copy):
                return
            self._pop(place)

    def _is_old(self, copy: _Copy) -> bool:
        return self._clock() - copy.kept > SECONDS


def _number(version: str) -> int | None:
    """Versions of one kind can be compared, says Kubernetes since 1.35; of a server that has others nothing is kept."""
    return int(version) if version.isascii() and version.isdigit() else None
