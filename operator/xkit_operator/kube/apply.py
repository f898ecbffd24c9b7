"""Make a child so: read it, check whose it is, compare, and write only what differs.

`reconcile/` calls it with each child that it wants; an unchanged world costs one GET and no write.
"""

from xkit_operator.errors import ApiRefused
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.drift import in_place, stamped
from xkit_operator.kube.owner import check_owner


async def ensure(cluster: Cluster, desired: Object) -> Object:
    """Return the object as it is once `desired` holds. Raises Conflict when it is somebody else's, ClusterError."""
    metadata = desired["metadata"]
    live = await cluster.find(desired["kind"], namespace=metadata["namespace"], name=metadata["name"])
    wanted = stamped(desired)
    if live is not None:
        check_owner(live, desired)
        if in_place(wanted, live):
            return live
    try:
        return await cluster.apply(wanted)
    except ApiRefused:
        if live is None:
            raise
        await _clear(cluster, desired, live)
        return await cluster.apply(wanted)


async def _clear(cluster: Cluster, desired: Object, live: Object) -> None:
    """Overwrite what `desired` says in `live`, its lists as a whole.

    An apply merges lists by a key, so an edit of that key leaves a foreign element beside ours; where both may not
    stand together (two ports of one name in a Service), every further apply is refused.
    """
    content = {key: value for key, value in desired.items() if key != "metadata"}
    metadata = {key: live["metadata"][key] for key in ("namespace", "name", "resourceVersion")}
    await cluster.overwrite(content | {"metadata": metadata})
