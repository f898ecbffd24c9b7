"""Tells whoever measures how far a change of a spec has come: where it begins, and each stage that it reaches.

Called by the Destination's reconcile with the status before and after it. The same may be told again.
"""

from datetime import datetime

from xkit_operator.api.conditions import ConditionType, Reason, find_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.kube.client import Object
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.reporting.change import goes_on, waited
from xkit_operator.reconcile.telemetry import Telemetry


def tell_change(telemetry: Telemetry, key: Key, obj: Object, before: DestinationStatus, now: datetime) -> None:
    """Tell of the change that `obj`, as read, is going through, if it is."""
    generation = obj["metadata"]["generation"]
    if before.observed_generation < generation:
        telemetry.spec_seen(key, generation, waited(obj, now))
        return
    since = goes_on(obj, before, now)
    if since is not None:
        telemetry.spec_seen(key, generation, since)


def tell_stages(telemetry: Telemetry, key: Key, *, before: DestinationStatus, after: DestinationStatus) -> None:
    """Tell what is reached with the status `after`, which is written."""
    generation = after.observed_generation
    if after.image not in (None, before.image):
        telemetry.reached(key, generation, "image")
    ready = find_condition(after.conditions, ConditionType.READY)
    if ready is not None and ready.reason == Reason.READY:
        telemetry.reached(key, generation, "ready")
    if find_condition(after.conditions, ConditionType.STALLED) is not None:
        telemetry.reached(key, generation, "stalled")
