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
        raise Conflict(f"{subject} exists and was not made for this {wanted['kind']}: give one of the two another name")
    if controller["uid"] == wanted["uid"]:
        return
    if (controller["kind"], controller["name"]) == (wanted["kind"], wanted["name"]):
        raise ApiConflict(f"{subject} still belongs to a deleted {wanted['kind']} of the same name")
    raise Conflict(
        f"{subject} is controlled by {controller['kind']} {controller['name']}: give this {wanted['kind']} another name"
    )
