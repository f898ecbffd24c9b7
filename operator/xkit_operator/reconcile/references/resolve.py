"""Reads the ConfigMaps that a Destination refers to: each once, at every reconcile, before anything is built."""

from xkit_operator.api.destination import Destination, Operation
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

        Raises ConfigMapNotFound, ConfigMapKeyNotFound and InvalidSpec for a reference that leads to nothing of use;
        ClusterError.
        """
        namespace, name = destination.metadata.namespace, destination.metadata.name
        names = sorted(referred(destination.spec))
        # Before the first is read: the event of whatever changes from then on must find its way here.
        self._index.refer(Key("Destination", namespace, name), names)
        found = {one: await self._cluster.find("ConfigMap", namespace=namespace, name=one) for one in names}
        return function_texts(destination.spec, found)
