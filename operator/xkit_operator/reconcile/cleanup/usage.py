"""Which images the cluster may still want to pull for a Destination.

By label and whoever owns them: a ReplicaSet can be rolled back to, a Pod can be started again on another node.
"""

from collections.abc import Iterator
from typing import Any

from xkit_operator.image.retention import identifier
from xkit_operator.kube.client import Cluster
from xkit_operator.objects.labels import pod_selector


async def images_in_use(cluster: Cluster, *, namespace: str, name: str) -> set[str]:
    """The digests, or tags, of all images that a ReplicaSet or a Pod of the Destination names. Raises ClusterError."""
    found: set[str] = set()
    async for replica_set in cluster.list("ReplicaSet", namespace=namespace, labels=pod_selector(name)):
        found.update(map(identifier, _images(replica_set["spec"]["template"]["spec"])))
    async for pod in cluster.list("Pod", namespace=namespace, labels=pod_selector(name)):
        found.update(map(identifier, _images(pod["spec"])))
    return found


async def has_staying_pods(cluster: Cluster, *, namespace: str, name: str) -> bool:
    """Whether a Pod of the Destination is not on its way out: only such a one can still pull. Raises ClusterError."""
    pods = cluster.list("Pod", namespace=namespace, labels=pod_selector(name))
    return any(["deletionTimestamp" not in pod["metadata"] async for pod in pods])


def _images(spec: dict[str, Any]) -> Iterator[str]:
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for container in spec.get(kind, ()):
            yield container["image"]
