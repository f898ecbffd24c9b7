"""Which version of each object a reconcile already knows, so that the watches tell it only what is news.

Most of what a watch says is the echo of our own writes, or of a state that the reconcile has read meanwhile. Whoever
reads an object for a reconcile, or writes it, says so here. What a reconcile only glances at must not be told: an edit
that nobody has acted on would be no news any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from sys import intern
from typing import Any

Place = tuple[str, str, str]
"""Kind, namespace and name."""

_GONE = "gone"  # no version of anything


class Versions:
    """By place: the resourceVersion, and the hash of what was found to hold in that version (None: nothing was)."""

    def __init__(self) -> None:
        self._known: dict[Place, tuple[str, str | None]] = {}
        self._heard: dict[Place, str] = {}  # while somebody looks there: the last version that a watch told of

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
        # One text for all objects of a namespace, instead of one for each.
        place = (kind, intern(metadata["namespace"]), metadata["name"])
        overtaken = self._heard.get(place, "") not in ("", version)
        self._known[place] = (version, None if overtaken else holding)

    def holds(self, place: Place, wanted: str) -> bool:
        """Whether what has the hash `wanted` was found to be so, and no watch has said anything else since."""
        return place in self._known and self._known[place][1] == wanted

    def is_news(self, place: Place, version: str) -> bool:
        """Whether this version, of which a watch tells, is another than the known one; that is forgotten then."""
        if place in self._known and self._known[place][0] == version:
            return False
        self.forget(place)
        if place in self._heard:
            self._heard[place] = version
        return True

    def forget(self, place: Place) -> None:
        """Whatever was known of it is over."""
        self._known.pop(place, None)
        if place in self._heard:
            self._heard[place] = _GONE

    def forget_all(self) -> None:
        """Look at everything itself once more: what a watch has lost is found in this way."""
        self._known.clear()
