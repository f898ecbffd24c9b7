"""The list of all our objects: at start the only sign that everything has been seen, later the resync.

A SourceMapping is looked at with its Destination: only one without is listed itself. The index of SourceMappings is
kept in step with what exists: an object deleted while a watch was being renewed produces no event. And the gate is
told which rebases are under way, before the first reconcile may begin another.
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
    """The keys of all Destinations in `namespaces` (none: in all), and of the SourceMappings that no Destination knows.

    What the index has and the cluster lacks is looked at once more, and leaves the index then. Each object is read once
    more, whatever the watches have said of it. `leaving` is told each Destination that is being deleted, also when the
    list cannot be completed: where both kinds are deleted, one may be gone while the other waits for our finalizers.
    Raises ClusterError.
    """
    keys, vanished = set[Key](), index.known()
    for namespace in namespaces or (None,):
        async for obj in cluster.list("Destination", namespace=namespace, page=_PAGE):
            keys.add(key_of("Destination", obj))
            gate.recall(key_of("Destination", obj), status_of(DestinationStatus, obj))
            if "deletionTimestamp" in obj["metadata"]:
                leaving(key_of("Destination", obj))
        async for obj in cluster.list("SourceMapping", namespace=namespace, page=_PAGE):
            key, destination = key_of("SourceMapping", obj), destination_of(obj)
            vanished.discard(key)
            # A change of its Destination that no watch has told, or it is an orphan.
            if destination not in keys or index.destination_of(key) not in (None, destination):
                keys.add(key)
            else:
                index.point(key, destination)
    cluster.versions.forget_all()
    cluster.copies.drop_all()
    return keys | vanished
