"""Which SourceMappings point at which Destination, as far as the watches and the lists have said.

Needed for what no object tells by itself: the Destination that a deleted SourceMapping pointed at, or that it pointed
at before an edit. A reconcile takes only names from here, and reads the objects themselves.
"""

from collections import defaultdict
from typing import Any

from xkit_operator.reconcile.key import Key


class MappingIndex:
    """Both directions of the relation. Each change returns the Destinations that it concerns."""

    def __init__(self) -> None:
        self._destination: dict[Key, Key] = {}
        self._mappings: defaultdict[Key, set[Key]] = defaultdict(set)

    def mappings_of(self, destination: Key) -> list[Key]:
        """The SourceMappings that point at `destination`, sorted."""
        return sorted(self._mappings.get(destination, ()))

    def destination_of(self, mapping: Key) -> Key | None:
        """What `mapping` points at, as far as known."""
        return self._destination.get(mapping)

    def point(self, mapping: Key, destination: Key | None) -> set[Key]:
        """`mapping` points at `destination` now, or at none since it is gone."""
        before = self._destination.pop(mapping, None)
        if before is not None:
            self._mappings[before].discard(mapping)
            if not self._mappings[before]:
                del self._mappings[before]
        if destination is not None:
            self._destination[mapping] = destination
            self._mappings[destination].add(mapping)
        return {one for one in (before, destination) if one is not None}

    def known(self) -> set[Key]:
        """All SourceMappings that point at something."""
        return set(self._destination)


def key_of(kind: Any, obj: dict[str, Any]) -> Key:
    """The key of an object as read."""
    return Key(kind, obj["metadata"]["namespace"], obj["metadata"]["name"])


def destination_of(mapping: dict[str, Any]) -> Key:
    """The Destination that a SourceMapping, as read, points at; the schema guarantees that it names one."""
    return Key("Destination", mapping["metadata"]["namespace"], mapping["spec"]["destinationRef"]["name"])
