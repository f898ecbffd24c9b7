"""Which releases of the product are at work in a cluster, as far as whoever asks may see it."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from xkit_operator.errors import ApiForbidden
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.objects.deployment import RELEASE
from xkit_operator.objects.labels import CHILD_SELECTOR

VERSION = "app.kubernetes.io/version"
_OPERATORS = "app.kubernetes.io/name=xkit-operator,app.kubernetes.io/component=operator"


@dataclass(frozen=True)
class Versions:
    """Of operators by their namespaces, and of runners with the number of Destinations that have them."""

    operators: dict[str, str]
    runners: dict[str, int]


async def versions(cluster: Cluster, namespace: str) -> Versions:
    """Of the whole cluster, or of `namespace` where no more may be seen. Raises ClusterError."""
    operators = {
        one["metadata"]["namespace"]: one["metadata"]["labels"].get(VERSION, "unknown")
        async for one in _deployments(cluster, namespace, _OPERATORS)
    }
    runners = [
        one["metadata"].get("annotations", {}).get(RELEASE, "unknown")
        async for one in _deployments(cluster, namespace, CHILD_SELECTOR)
    ]
    return Versions(dict(sorted(operators.items())), dict(sorted(Counter(runners).items())))


async def _deployments(cluster: Cluster, namespace: str, labels: str) -> AsyncIterator[Object]:
    try:
        async for one in cluster.list("Deployment", labels=labels):
            yield one
    except ApiForbidden:
        async for one in cluster.list("Deployment", namespace=namespace, labels=labels):
            yield one
