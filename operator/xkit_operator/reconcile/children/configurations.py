"""The ConfigMaps of all Destinations, each of one version of a runner: made, and deleted when no Pod can want it.

Remembers which there are, from one list for each namespace: to list those of one Destination costs the API server a
look at all of them.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress

from xkit_operator.api.destination import Destination
from xkit_operator.errors import ApiNotFound
from xkit_operator.kube.apply import keep
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.owner import is_owned
from xkit_operator.objects.labels import CHILD_SELECTOR, DESTINATION

_PAGE = 50  # objects of up to a few hundred KiB

Names = defaultdict[str, set[str]]
"""Of ConfigMaps, by the name of their Destination."""


class Configurations:
    """Every ConfigMap is one of a runner's configuration."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._names: dict[str, Names] = {}  # by namespace
        self._listing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def make(self, destination: Destination, config_map: Object) -> None:
        """See to it that `config_map` is there. Raises Conflict, ClusterError."""
        owner = destination.metadata
        (await self._of(owner.namespace))[owner.name].add(config_map["metadata"]["name"])
        await keep(self._cluster, config_map)

    async def tidy(self, destination: Destination, *, but: str) -> None:
        """Delete those of `destination` except for `but`. Raises ClusterError."""
        owner = destination.metadata
        names = (await self._of(owner.namespace))[owner.name]
        for name in sorted(names - {but}):
            found = await self._cluster.find("ConfigMap", namespace=owner.namespace, name=name)
            if found is not None and is_owned(found, owner.uid):
                uid = found["metadata"]["uid"]
                with suppress(ApiNotFound):  # gone meanwhile
                    await self._cluster.delete("ConfigMap", namespace=owner.namespace, name=name, uid=uid)
            names.discard(name)

    def forget(self, *, namespace: str, name: str) -> None:
        """The Destination is gone."""
        self._names.get(namespace, Names(set)).pop(name, None)

    async def _of(self, namespace: str) -> Names:
        async with self._listing[namespace]:
            if namespace not in self._names:
                found = Names(set)
                async for one in self._cluster.list(
                    "ConfigMap", namespace=namespace, labels=f"{CHILD_SELECTOR},{DESTINATION}", page=_PAGE
                ):
                    metadata = one["metadata"]
                    found[metadata["labels"][DESTINATION]].add(metadata["name"])
                self._names[namespace] = found
            return self._names[namespace]
