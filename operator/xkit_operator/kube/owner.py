"""Whose an object is: ours, nobody's that we may take, or somebody else's.

Pure. Asked before every write to a child: an object that merely has the name we want is never taken over.
"""

from typing import Any

from xkit_operator.errors import ApiConflict, Conflict


def is_owned(obj: dict[str, Any], uid: str) -> bool:
    """Whether the object with `uid` is an owner of `obj`."""
    return any(owner["uid"] == uid for owner in obj["metadata"].get("ownerReferences", ()))


def check_owner(live: dict[str, Any], desired: dict[str, Any]) -> None:
    """Raise unless `live` may be made into `desired`, whose one owner reference names its controller.

    Conflict: it is somebody else's. ApiConflict: it belonged to a deleted object of the same name, and the garbage
    collector will remove it soon.
    """
    [wanted] = desired["metadata"]["ownerReferences"]
    metadata = live["metadata"]
    controller = next((one for one in metadata.get("ownerReferences", ()) if one.get("controller")), None)
    subject = f"{desired['kind']} {metadata['namespace']}/{metadata['name']}"
    if controller is None:
        # Without an owner but with all our labels: a deletion with --cascade=orphan left it to whoever comes next.
        if desired["metadata"]["labels"].items() <= metadata.get("labels", {}).items():
            return
        raise Conflict(
            f"{subject} exists and was not made for this {wanted['kind']} ({_maker(metadata)}): "
            "give one of the two another name"
        )
    if controller["uid"] == wanted["uid"]:
        return
    if (controller["kind"], controller["name"]) == (wanted["kind"], wanted["name"]):
        raise ApiConflict(f"{subject} still belongs to a deleted {wanted['kind']} of the same name")
    raise Conflict(
        f"{subject} is controlled by {controller['kind']} {controller['name']}: give this {wanted['kind']} another name"
    )


def _maker(metadata: dict[str, Any]) -> str:
    """Whose it is, as far as an object without a controller tells: its owners, its managing tool, or who wrote it."""
    owners = [f"{one['kind']} {one['name']}" for one in metadata.get("ownerReferences", ())]
    if owners:
        return f"it belongs to {', '.join(owners)}"
    release = metadata.get("annotations", {}).get("meta.helm.sh/release-name")
    if release is not None:
        return f"it belongs to the Helm release {release}"
    tool = metadata.get("labels", {}).get("app.kubernetes.io/managed-by")
    if tool is not None:
        return f"it is managed by {tool}"
    writers = sorted({one["manager"] for one in metadata.get("managedFields", ()) if "subresource" not in one})
    return f"it was made by {' and '.join(writers)}" if writers else "it belongs to nobody"
