"""The runner Pods of a Destination."""

from collections.abc import Callable
from typing import Any

from xkit_operator.kube.client import Cluster
from xkit_operator.objects.labels import pod_selector

Note = Callable[[str], None]
"""Told what a person should know beside the lines."""


async def pods_of(cluster: Cluster, namespace: str, name: str) -> list[dict[str, Any]]:
    """All of them, the oldest first. Raises ClusterError."""
    listed = cluster.list("Pod", namespace=namespace, labels=pod_selector(name))
    return sorted([one async for one in listed], key=lambda pod: str(pod["metadata"]["creationTimestamp"]))
