"""Reads what a Destination refers to: each ConfigMap once, and its ServiceAccount, before anything is built.

At every reconcile: what has gone since would only be missed by the next Pod, which might come in the night.
"""

from xkit_operator.api.destination import Destination, Operation
from xkit_operator.errors import ServiceAccountNotFound
from xkit_operator.kube.client import Cluster
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.references.index import ReferenceIndex
from xkit_operator.reconcile.references.texts import function_texts, referred


class References:
    """Keeps `index` in step with what it reads."""

    def __init__(self, cluster: Cluster, index: ReferenceIndex) -> None:
        self._cluster = cluster
        self._index = index

    async def resolve(self, destination: Destination) -> dict[Operation, str]:
        """The source of each function.

        Raises ConfigMapNotFound, ConfigMapKeyNotFound, ServiceAccountNotFound and InvalidSpec for a reference that
        leads to nothing of use; ClusterError.
        """
        namespace, name = destination.metadata.namespace, destination.metadata.name
        names = sorted(referred(destination.spec))
        # Before the first is read: the event of whatever changes from then on must find its way here.
        self._index.refer(Key("Destination", namespace, name), names)
        found = {one: await self._cluster.find("ConfigMap", namespace=namespace, name=one) for one in names}
        texts = function_texts(destination.spec, found)
        await self._find_service_account(destination)
        return texts

    async def _find_service_account(self, destination: Destination) -> None:
        """One that Pods may not have keeps them from being made, and their maker tries again ever less often."""
        namespace, pod = destination.metadata.namespace, destination.spec.pod
        name = pod.service_account_name if pod is not None else None
        if name is None or name == destination.metadata.name:  # that one we make
            return
        if await self._cluster.find("ServiceAccount", namespace=namespace, name=name) is None:
            raise ServiceAccountNotFound(f"pod.serviceAccountName: there is no ServiceAccount {name} in this namespace")
