"""Which version of each object a reconcile already knows, so that the watches tell it only what is news.

Most of what a watch says is the echo of our own writes, or of a state that the reconcile has read meanwhile. Whoever
reads an object for a reconcile, or writes it, says so here. What a reconcile only glances at must not be told: an edit
that nobody has acted on would be no news any more.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from sys import intern
from typing import Any

from xkit_operator.objects.labels import DESTINATION

Place = tuple[str, str, str]
"""Kind, namespace and name."""

_GONE = "gone"  # no version of anything
_TOLD = ("", None)  # of what a watch has told, and no reconcile has seen since


def place_of(kind: str, metadata: Mapping[str, Any]) -> Place:
    """Where the object with this metadata is."""
    # One text for all objects of a namespace, instead of one for each.
    return kind, intern(metadata["namespace"]), metadata["name"]


class Versions:
    """By place: the resourceVersion, and the hash of what was found to hold in that version (None: nothing was)."""

    def __init__(self) -> None:
        self._known: dict[Place, tuple[str, str | None]] = {}
        self._heard: dict[Place, str] = {}  # while somebody looks there: the last version that a watch told of
        self._unheard: dict[Place, str] | None = {}  # until `lost`: the Destinations of what no watch has told of

    @contextmanager
    def looking(self, place: Place) -> Iterator[None]:
        """While this lasts somebody reads or writes there, whose answer may be older than what a watch tells."""
        self._heard[place] = ""
        try:
            yield
        finally:
            self._heard.pop(place, None)

    def saw(self, kind: str, obj: dict[str, Any], *, holding: str | None = None) -> None:
        """A reconcile goes on with `obj`, as read or written; `holding` is the hash of what is so in it."""
        metadata = obj["metadata"]
        version = metadata["resourceVersion"]
        place = place_of(kind, metadata)
        if self._unheard is not None and place not in self._known:
            self._unheard[place] = metadata.get("labels", {}).get(DESTINATION, place[2])
        overtaken = self._heard.get(place, "") not in ("", version)
        self._known[place] = (version, None if overtaken else holding)

    def holds(self, place: Place, wanted: str) -> bool:
        """Whether what has the hash `wanted` was found to be so, and no watch has said anything else since."""
        return place in self._known and self._known[place][1] == wanted

    def is_news(self, place: Place, version: str) -> bool:
        """Whether this version, of which a watch tells, is another than the known one; that is forgotten then."""
        if self._unheard:
            self._unheard.pop(place, None)
        if place in self._known and self._known[place][0] == version:
            return False
        self._known[place] = _TOLD
        if place in self._heard:
            self._heard[place] = version
        return True

    def forget(self, place: Place) -> None:
        """Whatever was known of it is over."""
        self._known.pop(place, None)
        if self._unheard:
            self._unheard.pop(place, None)
        if place in self._heard:
            self._heard[place] = _GONE

    @property
    def unheard(self) -> int:
        """How much has been seen since the beginning that no watch has told of."""
        return len(self._unheard or ())

    def lost(self) -> list[Place]:
        """All that is `unheard`, under the name of its Destination, and forgotten: to be asked once.

        It was read before the watch of its kind began, and deleted before that had listed it.
        """
        unheard, self._unheard = self._unheard or {}, None
        for place in unheard:
            self.forget(place)
        return [(kind, namespace, owner) for (kind, namespace, _), owner in unheard.items()]

    def forget_all(self) -> None:
        """Look at everything itself once more: what a watch has lost is found in this way."""
        if self._known:  # else this is the list before the first look at anything
            self._unheard = None
        self._known.clear()
