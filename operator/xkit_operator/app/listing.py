"""The list of all our objects: at start the only sign that everything has been seen, later the resync.

It also keeps the index of SourceMappings in step with what exists: an object deleted while a watch was being renewed
produces no event. And it tells the gate which rebases are under way, before the first reconcile may begin another.
"""

from collections.abc import Callable, Sequence

from xkit_operator.api.destination import DestinationStatus
from xkit_operator.kube.client import Cluster
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex, destination_of, key_of
from xkit_operator.reconcile.provisioning.rebase import RebaseGate
from xkit_operator.reconcile.reporting.writing import status_of

_PAGE = 50  # objects of up to 256 KiB


async def list_keys(
    cluster: Cluster,
    namespaces: Sequence[str],
    index: MappingIndex,
    gate: RebaseGate,
    leaving: Callable[[Key], None],
) -> set[Key]:
    """The keys of all Destinations and SourceMappings in `namespaces` (none: in all), and of those in `index`.

    What the index has and the cluster lacks is looked at once more, and leaves the index then. `leaving` is told each
    Destination that is being deleted, also when the list cannot be completed: where both kinds are deleted, one may be
    gone while the other waits for our finalizers. Raises ClusterError.
    """
    keys = index.known()
    for namespace in namespaces or (None,):
        async for obj in cluster.list("Destination", namespace=namespace, page=_PAGE):
            keys.add(key_of("Destination", obj))
            gate.recall(key_of("Destination", obj), status_of(DestinationStatus, obj))
            if "deletionTimestamp" in obj["metadata"]:
                leaving(key_of("Destination", obj))
        async for obj in cluster.list("SourceMapping", namespace=namespace, page=_PAGE):
            keys.add(key_of("SourceMapping", obj))
            index.point(key_of("SourceMapping", obj), destination_of(obj))
    return keys
