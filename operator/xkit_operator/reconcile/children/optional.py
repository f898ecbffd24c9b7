"""The children that a Destination has only if its spec asks for them: made, mended, and deleted when it no longer does.

Remembers which there are, from one list for each namespace, since to ask for each absent one at every reconcile would
double the requests.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress

from xkit_operator.api.destination import Destination
from xkit_operator.errors import ApiNotFound
from xkit_operator.kube.apply import keep
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.owner import is_owned
from xkit_operator.objects.autoscaler import autoscaler
from xkit_operator.objects.disruption import disruption_budget
from xkit_operator.objects.labels import CHILD_SELECTOR
from xkit_operator.objects.network import network_policy

KINDS = ("HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy")


class OptionalChildren:
    """Those of all Destinations."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._present: dict[str, set[tuple[str, str]]] = {}  # kind and name, by namespace
        self._listing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def settle(self, destination: Destination) -> None:
        """Make and delete what the spec of `destination` says. Raises Conflict, ClusterError."""
        namespace, name = destination.metadata.namespace, destination.metadata.name
        present = await self._of(namespace)
        wanted = {child["kind"]: child for child in _wanted(destination)}
        for kind in KINDS:
            if kind in wanted:
                present.add((kind, name))
                await keep(self._cluster, wanted[kind])
            elif (kind, name) in present:
                await self._delete(kind, destination)
                present.discard((kind, name))

    async def _delete(self, kind: str, destination: Destination) -> None:
        owner = destination.metadata
        found = await self._cluster.find(kind, namespace=owner.namespace, name=owner.name)
        if found is not None and is_owned(found, owner.uid):
            with suppress(ApiNotFound):  # gone meanwhile
                await self._cluster.delete(
                    kind, namespace=owner.namespace, name=owner.name, uid=found["metadata"]["uid"]
                )

    async def _of(self, namespace: str) -> set[tuple[str, str]]:
        async with self._listing[namespace]:
            if namespace not in self._present:
                self._present[namespace] = {
                    (kind, found["metadata"]["name"])
                    for kind in KINDS
                    async for found in self._cluster.list(kind, namespace=namespace, labels=CHILD_SELECTOR)
                }
            return self._present[namespace]


def _wanted(destination: Destination) -> Iterator[Object]:
    spec = destination.spec
    if spec.autoscaling is not None:
        yield autoscaler(destination, spec.autoscaling)
    if spec.replicas > 1 or spec.autoscaling is not None:
        yield disruption_budget(destination)
    if spec.network is not None:
        yield network_policy(destination, spec.network)
