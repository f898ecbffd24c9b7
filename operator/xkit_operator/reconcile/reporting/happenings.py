"""Everything that Events tell of: docs/reference/events.md has the same table.

Whoever records an Event names one of these; nothing else can be said in one.
"""

from xkit_operator.api.conditions import Reason
from xkit_operator.api.outlook import OUTLOOK, Outlook
from xkit_operator.kube.events import Happening

IMAGE_CHANGED = Happening(type="Normal", action="Build", reason=Reason.BUILT)
IMAGE_RESTORED = Happening(type="Warning", action="Build", reason=Reason.BUILT)
REBASED = Happening(type="Normal", action="Rebase", reason=Reason.REBASED)
REBASE_FAILED = Happening(type="Warning", action="Rebase", reason=Reason.REBASE_FAILED)
IMAGES_DELETED = Happening(type="Normal", action="Cleanup", reason=Reason.IMAGES_DELETED)
IMAGES_NOT_DELETED = Happening(type="Warning", action="Cleanup", reason=Reason.IMAGES_NOT_DELETED)


def _of_ready(reason: Reason) -> Happening:
    good = OUTLOOK[reason] is Outlook.GOOD or reason is Reason.ROLLING_OUT  # as after each change
    return Happening(type="Normal" if good else "Warning", action="Reconcile", reason=reason)


READY: dict[Reason, Happening] = {
    reason: _of_ready(reason)
    for reason in Reason
    if OUTLOOK[reason] is not Outlook.NEVER and reason is not Reason.PENDING
}
"""Ready says something else than before, with this reason; that something waits has not happened to it."""

HAPPENINGS = frozenset(
    {IMAGE_CHANGED, IMAGE_RESTORED, REBASED, REBASE_FAILED, IMAGES_DELETED, IMAGES_NOT_DELETED, *READY.values()}
)
