"""The faults that a request or a watch can meet, and who decides which of them it meets."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.chaos.call import Call


class Fault(Enum):
    """The value says it in words. Those of watches strike a stream after some events, the others a request."""

    CONFLICT = "409 to writes"
    BUSY = "429 with Retry-After"
    BROKEN = "500, etcd has no leader"
    SILENT = "no answer, ever"
    RESET = "connection reset before the request arrives"
    LOST = "done, but the answer is lost"
    KILLED_BEFORE = "kill -9 before the request arrives"
    KILLED_AFTER = "kill -9 when it is done"
    GONE = "410 Gone on a watch"
    FROZEN = "half-open watch: no byte, no close"
    CUT = "watch reset"
    REORDERED = "watch events in another order"
    DUPLICATED = "watch events twice"

    @property
    def of_watches(self) -> bool:
        return self in _OF_WATCHES


_OF_WATCHES = frozenset({Fault.GONE, Fault.FROZEN, Fault.CUT, Fault.REORDERED, Fault.DUPLICATED})


@dataclass(frozen=True)
class Strike:
    """A fault, and for a watch the number of events that pass before it."""

    fault: Fault
    after: int = 0


# What a call meets; None: nothing.
Plan = Callable[[Call], Strike | None]


def calm(_: Call) -> None:
    """Let everything pass."""
