"""What becomes of a condition by its reason: the one table that statuses, Events and the documentation go by.

Pure. docs/reference/conditions.md has the same table, as kubectl, Argo CD and Flux see it.
"""

from enum import Enum

from xkit_operator.api.conditions import Reason


class Outlook(Enum):
    """What to expect of something whose Ready has a reason."""

    GOOD = "nothing is missing, or what is missing is missing because the spec says so: Ready is True"
    MOVING = "it may well end by itself, however long that takes"
    AWAITED = "what it refers to may come in a moment, as in one apply; if not, somebody must act"
    STUCK = "somebody must act"
    NEVER = "no reason of Ready: it stands in Built, or in Events only"


_OUTLOOKS = {
    Outlook.GOOD: (Reason.READY, Reason.SCALED_TO_ZERO, Reason.PAUSED),
    Outlook.MOVING: (
        Reason.PENDING,
        Reason.ROLLING_OUT,
        Reason.REGISTRY_UNREACHABLE,
        Reason.API_UNREACHABLE,
        Reason.API_CONFLICT,
        Reason.API_NOT_FOUND,
        Reason.UNSCHEDULABLE,
    ),
    Outlook.AWAITED: (
        Reason.CONFIG_MAP_NOT_FOUND,
        Reason.CONFIG_MAP_KEY_NOT_FOUND,
        Reason.SECRET_NOT_FOUND,
        Reason.SECRET_KEY_NOT_FOUND,
        Reason.SERVICE_ACCOUNT_NOT_FOUND,
        Reason.DESTINATION_NOT_FOUND,
    ),
    Outlook.NEVER: (
        *(Reason.ACCEPTED, Reason.BUILT, Reason.DEPLOYED, Reason.AVAILABLE, Reason.PROGRAMMED),
        *(Reason.REBASE_WAITING, Reason.REBASE_STOPPED, Reason.REBASING, Reason.REBASED, Reason.REBASE_FAILED),
        *(Reason.IMAGES_DELETED, Reason.IMAGES_NOT_DELETED),
    ),
}

OUTLOOK = dict.fromkeys(Reason, Outlook.STUCK) | {
    reason: outlook for outlook, reasons in _OUTLOOKS.items() for reason in reasons
}
"""The outlook of each reason; STUCK unless it is known to be better."""
