"""The operator's finalizer on a Destination, and the annotation by which its author keeps all images.

Written as a guarded merge patch: only when it has to change, and never against what somebody wrote meanwhile. A
manifest in Git names no finalizers, so nobody applies it away.
"""

from xkit_operator.kube.client import Cluster, Object

FINALIZER = "xkit.dev/images"
KEEP_IMAGES = "xkit.dev/keep-images"


def keeps_images(obj: Object) -> bool:
    """Whether the author of the Destination wants none of its images deleted, now or with it."""
    annotations = obj["metadata"].get("annotations") or {}
    return bool(annotations.get(KEEP_IMAGES) == "true")


def has_finalizer(obj: Object) -> bool:
    """Whether `obj` cannot go before the operator has let it."""
    return FINALIZER in obj["metadata"].get("finalizers", ())


async def add_finalizer(cluster: Cluster, obj: Object) -> Object:
    """`obj`, as read, with the finalizer. Raises ApiConflict, ClusterError."""
    return await _set_finalizers(cluster, obj, [*obj["metadata"].get("finalizers", ()), FINALIZER])


async def remove_finalizer(cluster: Cluster, obj: Object) -> Object:
    """`obj`, as read, without it; if it is being deleted and was waiting for nobody else, it is gone then."""
    return await _set_finalizers(cluster, obj, [one for one in obj["metadata"]["finalizers"] if one != FINALIZER])


async def _set_finalizers(cluster: Cluster, obj: Object, wanted: list[str]) -> Object:
    metadata = {key: obj["metadata"][key] for key in ("namespace", "name", "uid", "resourceVersion")}
    return await cluster.overwrite(
        {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "metadata": metadata | {"finalizers": wanted}}
    )
