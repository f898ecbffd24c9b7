"""What our objects were when last read, written or told of by a watch, for the reconcile that comes a moment later.

A reconcile reads a Destination, its SourceMappings and its Deployment, and in a rollout comes back to them again and
again; nearly always the operator has just been told what they are. As with any informer, a watch may be behind: each
write says which version it is meant for, and what is refused for that is read anew. Of words that are late by much
nothing is kept: who has an object that is gone by now for one that is there would make all that belongs to it.
"""

import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import json

from xkit_operator.kube.lateness import Lateness
from xkit_operator.kube.streams import Streams
from xkit_operator.kube.versions import Place, place_of

SECONDS = 30.0
"""For how long a copy is trusted after the last word of its watch: one whose connection is dead says nothing, and ends
no sooner than it notices."""
MOST_BYTES = 12 * 2**20
"""Of all copies, compressed: those of some two thousand Destinations. Of a larger bulk the first are kept, since they
are worked on first, and the others are read once more."""
_FAST = 1  # a third of the size, in a fraction of the time that a request takes
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
        self._streams = Streams(clock)
        self.bytes = 0
        """That they hold."""

    def get(self, kind: str, *, namespace: str, name: str) -> dict[str, Any] | None:
        """The object, if it is known; a copy that the caller may change."""
        copy = self._copies.get((kind, namespace, name))
        if copy is None or not copy.text or self._is_old(self._streams.confirmed(kind, namespace, copy.kept)):
            return None
        obj: dict[str, Any] = json.decode(zlib.decompress(copy.text))
        return obj

    def keep(self, obj: Mapping[str, Any]) -> None:
        """The API server has just answered that an object is this."""
        self._keep(obj, deleted=False, told=False)

    def hear(self, obj: Mapping[str, Any], *, deleted: bool = False, listed: bool = False) -> None:
        """A watch tells that an object is this, or was when it was deleted; `listed`: among those it begins with."""
        if listed:
            self._streams.begins(obj["kind"])
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
        self._make_room(0)
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
        if told and not late:
            self._streams.tells(place[0], place[1])
        self._pop(place)
        text = b"" if deleted or late else zlib.compress(json.encode(obj), _FAST)
        self._make_room(len(text))
        if self.bytes + len(text) <= MOST_BYTES:
            self._copies[place] = _Copy(version, text, self._clock())
            self.bytes += len(text)

    def _pop(self, place: Place) -> _Copy | None:
        copy = self._copies.pop(place, None)
        if copy is not None:
            self.bytes -= len(copy.text)
        return copy

    def _make_room(self, size: int) -> None:
        """Forget what is old, and what is so but for the words of its watch only where there is no room else."""
        while self._copies:
            place, copy = next(iter(self._copies.items()))
            fits = self.bytes + size <= MOST_BYTES
            kept = self._streams.confirmed(place[0], place[1], copy.kept) if copy.text and fits else copy.kept
            if not self._is_old(kept):
                return
            self._pop(place)

    def _is_old(self, moment: float) -> bool:
        return self._clock() - moment > SECONDS


def _number(version: str) -> int | None:
    """Versions of one kind can be compared, says Kubernetes since 1.35; of a server that has others nothing is kept."""
    return int(version) if version.isascii() and version.isdigit() else None
