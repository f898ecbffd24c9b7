"""Make a child so: read it, check whose it is, compare, and write only what differs.

`reconcile/` calls it with each child that it wants; an unchanged world costs one GET and no write, or no request at all
for a child of which nothing but its content matters.
"""

from dataclasses import dataclass

from xkit_operator.errors import ApiRefused
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.drift import HASH_ANNOTATION, hash_of, in_place, stamped
from xkit_operator.kube.owner import check_owner
from xkit_operator.kube.versions import place_of


@dataclass(frozen=True)
class Ensured:
    """An object as it is once what is desired holds, and whether that took a write."""

    obj: Object
    written: bool


async def keep(cluster: Cluster, desired: Object) -> None:
    """See to it that `desired` holds, without a request while a watch would have told of any change since it did.

    Raises Conflict when it is somebody else's, ClusterError.
    """
    if not cluster.versions.holds(place_of(desired["kind"], desired["metadata"]), hash_of(desired)):
        await ensure(cluster, desired)


async def ensure(cluster: Cluster, desired: Object) -> Ensured:
    """Have `desired` hold. Raises Conflict when the object is somebody else's, ClusterError."""
    wanted = stamped(desired)
    with cluster.versions.looking(place_of(desired["kind"], desired["metadata"])):
        ensured = await _ensured(cluster, desired, wanted)
        cluster.versions.saw(desired["kind"], ensured.obj, holding=wanted["metadata"]["annotations"][HASH_ANNOTATION])
    return ensured


async def _ensured(cluster: Cluster, desired: Object, wanted: Object) -> Ensured:
    metadata = desired["metadata"]
    live = await cluster.recall(desired["kind"], namespace=metadata["namespace"], name=metadata["name"])
    if live is not None:
        check_owner(live, desired)
        if in_place(wanted, live):
            return Ensured(live, written=False)
    try:
        return Ensured(await cluster.apply(wanted), written=True)
    except ApiRefused:
        if live is None:
            raise
        await _clear(cluster, desired, live)
        return Ensured(await cluster.apply(wanted), written=True)


async def _clear(cluster: Cluster, desired: Object, live: Object) -> None:
    """Overwrite what `desired` says in `live`, its lists as a whole.

    An apply merges lists by a key, so an edit of that key leaves a foreign element beside ours; where both may not
    stand together (two ports of one name in a Service), every further apply is refused.
    """
    content = {key: value for key, value in desired.items() if key != "metadata"}
    metadata = {key: live["metadata"][key] for key in ("namespace", "name", "resourceVersion")}
    await cluster.overwrite(content | {"metadata": metadata})
