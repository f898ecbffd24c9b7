"""Which Destinations refer to which ConfigMaps, as their reconciles last found.

Needed for the events of ConfigMaps, which do not tell who reads them. What is read is always what the server says.
"""

from collections import defaultdict
from collections.abc import Iterable

from xkit_operator.reconcile.key import Key


class ReferenceIndex:
    """Both directions of the relation; a ConfigMap need not exist to be referred to."""

    def __init__(self) -> None:
        self._names: dict[Key, frozenset[str]] = {}
        self._destinations: defaultdict[tuple[str, str], set[Key]] = defaultdict(set)

    def refer(self, destination: Key, config_maps: Iterable[str]) -> None:
        """`destination` refers to these ConfigMaps of its namespace now, and to no others."""
        before, after = self._names.pop(destination, frozenset()), frozenset(config_maps)
        for name in before - after:
            place = (destination.namespace, name)
            self._destinations[place].discard(destination)
            if not self._destinations[place]:
                del self._destinations[place]
        for name in after:
            self._destinations[destination.namespace, name].add(destination)
        if after:
            self._names[destination] = after

    def referring(self, namespace: str, name: str) -> list[Key]:
        """The Destinations that refer to the ConfigMap, sorted."""
        return sorted(self._destinations.get((namespace, name), ()))
