"""Which changes of a status are worth an Event: a new image, and Ready with another status or reason."""

from xkit_operator.api.conditions import ConditionType, Reason, find_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.sourcemapping import SourceMappingStatus
from xkit_operator.kube.client import Object
from xkit_operator.kube.events import EventRecorder, EventType

_NORMAL = frozenset({Reason.READY, Reason.PENDING, Reason.ROLLING_OUT, Reason.SCALED_TO_ZERO})


async def announce_image(
    events: EventRecorder, obj: Object, *, before: DestinationStatus, after: DestinationStatus
) -> None:
    """Say that another image is used now."""
    if after.image is not None and after.image != before.image:
        await events.record(obj, type="Normal", action="Build", reason=Reason.BUILT, note=f"image {after.image}")


async def announce_ready(
    events: EventRecorder,
    obj: Object,
    *,
    before: DestinationStatus | SourceMappingStatus,
    after: DestinationStatus | SourceMappingStatus,
) -> None:
    """Say what Ready says now, if that is new."""
    old = find_condition(before.conditions, ConditionType.READY)
    new = find_condition(after.conditions, ConditionType.READY)
    if new is None or (old is not None and (old.status, old.reason) == (new.status, new.reason)):
        return
    kind: EventType = "Normal" if new.reason in _NORMAL else "Warning"
    note = new.message or f"the {obj['kind']} is ready"
    await events.record(obj, type=kind, action="Reconcile", reason=new.reason, note=note)
