"""Reading and writing of `status`: by apply, only when it changed, and only onto the object that was read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.sourcemapping import SourceMappingStatus
from xkit_operator.kube.client import Cluster, Object

Status = TypeVar("Status", DestinationStatus, SourceMappingStatus)


_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


def timestamp(time: datetime) -> str:
    """An aware UTC time as conditions carry it."""
    return time.strftime(_SECONDS)


def time_of(text: str) -> datetime:
    """The time that a condition, or the API server in metadata, carries as `text`."""
    return datetime.strptime(text, _SECONDS).replace(tzinfo=UTC)


def status_of(model: type[Status], obj: Mapping[str, Any]) -> Status:
    """The status that `obj` has now."""
    return model.model_validate(obj.get("status", {}))


async def write_status(cluster: Cluster, obj: Object, status: DestinationStatus | SourceMappingStatus) -> Object | None:
    """Give `obj`, as read, this status; it as written, if that was needed. Raises ApiConflict when it changed since."""
    wanted = status.to_dict()
    if _comparable(obj.get("status", {})) == _comparable(wanted):
        return None
    # A wrong uid is accepted on this subresource: the resourceVersion alone keeps a status from an object that was
    # deleted and made again meanwhile.
    metadata = {key: obj["metadata"][key] for key in ("namespace", "name", "resourceVersion")}
    return await cluster.apply_status(
        {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "metadata": metadata, "status": wanted}
    )


def _comparable(status: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions are a map to the server, whatever their order."""
    return {**status, "conditions": {one["type"]: one for one in status.get("conditions", ())}}
