"""Which changes of a status are worth an Event: a new image, the end of a rebase, Ready with another status.

That a first version rolls out is none: its image has just been told of.
"""

import logging

from xkit_operator.api.conditions import ConditionType, Reason, find_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.sourcemapping import SourceMappingStatus
from xkit_operator.engine.together import together
from xkit_operator.kube.client import Object
from xkit_operator.kube.events import EventRecorder
from xkit_operator.reconcile.mappings.index import key_of
from xkit_operator.reconcile.provisioning.rebase import UNDER_WAY
from xkit_operator.reconcile.reporting.happenings import IMAGE_CHANGED, READY, REBASE_FAILED, REBASED

logger = logging.getLogger(__name__)


async def announce_destination(
    events: EventRecorder, obj: Object, *, before: DestinationStatus, after: DestinationStatus
) -> None:
    """Say all that is news of a Destination."""
    await together(
        _announce_image(events, obj, before=before, after=after),
        _announce_rebase(events, obj, before=before, after=after),
        announce_ready(events, obj, before=before, after=after),
    )


async def _announce_image(
    events: EventRecorder, obj: Object, *, before: DestinationStatus, after: DestinationStatus
) -> None:
    """Say that another image is used now."""
    if after.image is not None and after.image != before.image:
        await events.record(obj, IMAGE_CHANGED, note=f"image {after.image}")


async def _announce_rebase(
    events: EventRecorder, obj: Object, *, before: DestinationStatus, after: DestinationStatus
) -> None:
    """Say that a rebase went through, or did not."""
    old = find_condition(before.conditions, ConditionType.BUILT)
    new = find_condition(after.conditions, ConditionType.BUILT)
    if old is None or new is None or before.runtime != after.runtime:
        return
    if new.reason == Reason.REBASE_FAILED != old.reason:
        logger.warning("The rebase has stopped here: %s", new.message, extra={"key": str(key_of("Destination", obj))})
        await events.record(obj, REBASE_FAILED, note=new.message)
    if old.reason in UNDER_WAY and new.reason == Reason.BUILT and before.source_hash == after.source_hash:
        logger.info("Rebased onto %s", after.runtime, extra={"key": str(key_of("Destination", obj))})
        await events.record(obj, REBASED, note=f"runtime {after.runtime}")


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
    if new.reason not in READY or (new.reason == Reason.ROLLING_OUT and old is None):
        return
    note = new.message or f"the {obj['kind']} is ready"
    await events.record(obj, READY[Reason(new.reason)], note=note)
