"""The number of Pods of a Deployment, whoever has the say: the spec, or an autoscaler.

Under a field manager of its own: a field that leaves the content of an apply is reset by the server, so one manager
for all of a Deployment would set the count to 1 on the day on which an autoscaler takes it over.
"""

from typing import Any

from xkit_operator.kube.client import SCALE_MANAGER, Cluster, Object

AUTOSCALED = "xkit.dev/autoscaled-replicas"
"""Annotation: the number that the spec named, unheeded, while an autoscaler had the say."""


async def ensure_replicas(cluster: Cluster, deployment: Object, replicas: int) -> Object:
    """Scale `deployment`, as read, to `replicas`. Raises ClusterError.

    After an autoscaler the count stays as it is, until the spec names another number than it did meanwhile.
    """
    if _unheeded(deployment) == str(replicas) or deployment["spec"].get("replicas") == replicas:
        return deployment
    return await cluster.apply(_content(deployment, replicas), manager=SCALE_MANAGER)


async def leave_to_autoscaler(cluster: Cluster, deployment: Object, *, unheeded: int, least: int) -> Object:
    """Take no more part in the count of `deployment`, as read; `unheeded` is what the spec names. Raises ClusterError.

    An autoscaler does not touch what is scaled to zero: that is brought to `least`.
    """
    count = deployment["spec"].get("replicas", 1)
    if _unheeded(deployment) == str(unheeded) and count > 0:
        return deployment
    content = _content(deployment, count or least)
    # Else a count that the autoscaler has set since would be undone.
    content["metadata"]["resourceVersion"] = deployment["metadata"]["resourceVersion"]
    content["metadata"]["annotations"] = {AUTOSCALED: str(unheeded)}
    return await cluster.apply(content, manager=SCALE_MANAGER)


def _content(deployment: Object, replicas: int) -> dict[str, Any]:
    return {
        "apiVersion": deployment["apiVersion"],
        "kind": deployment["kind"],
        "metadata": {key: deployment["metadata"][key] for key in ("namespace", "name", "uid")},
        "spec": {"replicas": replicas},
    }


def _unheeded(deployment: Object) -> str | None:
    found: str | None = deployment["metadata"].get("annotations", {}).get(AUTOSCALED)
    return found
