"""Who may be put on a new runtime now: a few Destinations at a time, and nobody once one of them does not come up.

Pure: keys and statuses in, keys to look at out. What is under way is what the statuses say, so a process that starts
goes on where the one before ended; memory only saves a LIST for each reconcile.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable

from xkit_operator.api.conditions import ConditionType, Reason, find_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.reconcile.key import Key

UNDER_WAY = frozenset({Reason.REBASING, Reason.REBASE_FAILED})
"""Reasons of Built while the Pods on the new runtime are not all up."""


class RebaseGate:
    """At most `limit` Destinations at a time. `runtimes` are those of this release: others are no longer rebased onto.

    The reconcile of a Destination that stands on an old runtime asks `may_go`; each one tells with `saw` what it has
    written, or with `gone`. The keys that these return are to be looked at: their turn has come, or there is news for
    them. A reconcile that breaks off keeps the place that it was given: nobody knows whether its status was written.
    """

    def __init__(self, limit: int, runtimes: Collection[str]) -> None:
        self._limit = limit
        self._runtimes = runtimes
        self._open = False
        self._moving: set[Key] = set()
        self._granted: set[Key] = set()
        """Those of `_moving` whose status does not say so yet."""
        self._failed: set[Key] = set()
        self._waiting: OrderedDict[Key, None] = OrderedDict()
        self._uninformed: OrderedDict[Key, None] = OrderedDict()
        """Those of `_waiting` whose status speaks of an earlier `stopped_at`."""

    @property
    def in_flight(self) -> int:
        """How many are between the decision to rebase them and Pods that are all up."""
        return len(self._moving) + len(self._failed)

    @property
    def stopped_at(self) -> Key | None:
        """The first Destination that did not come up on its new runtime."""
        return min(self._failed, default=None)

    def recall(self, key: Key, status: DestinationStatus) -> None:
        """Know what the process before this one left under way. Nothing is recalled any more once the gate is open."""
        if not self._open and status.runtime in self._runtimes:
            self._place(key, _built(status))

    def open(self) -> None:
        """All Destinations have been recalled. A later list may be older than what the reconciles saw."""
        self._open = True

    def may_go(self, key: Key) -> bool:
        """Whether `key` may be rebased now; if not, it is told when to ask again."""
        self._leave_line(key)
        if key in self._moving:
            return True
        if self._failed or len(self._moving) >= self._limit:
            self._waiting[key] = None
            return False
        self._moving.add(key)
        self._granted.add(key)
        return True

    def saw(self, key: Key, status: DestinationStatus) -> list[Key]:
        """The status of `key` says this now."""
        built = _built(status)
        if built not in (Reason.REBASE_WAITING, Reason.REBASE_STOPPED):
            self._leave_line(key)
        elif key in self._granted:
            return []  # it tries again: what keeps it, such as a registry that is down, would keep the next one too
        return self._placed(key, built)

    def gone(self, key: Key) -> list[Key]:
        """The Destination is deleted."""
        self._leave_line(key)
        return self._placed(key, None)

    def withdraw(self, key: Key) -> None:
        """`key` is not to be rebased now; its place is free unless a status tells of it already."""
        self._leave_line(key)
        if key in self._granted:
            self._granted.remove(key)
            self._moving.remove(key)

    def _placed(self, key: Key, built: str | None) -> list[Key]:
        before = self.stopped_at
        self._place(key, built)
        if self.stopped_at != before:
            self._uninformed = self._waiting.copy()
        return list(self._next())

    def _place(self, key: Key, built: str | None) -> None:
        for place in (self._moving, self._granted, self._failed):
            place.discard(key)
        if built == Reason.REBASING:
            self._moving.add(key)
        elif built == Reason.REBASE_FAILED:
            self._failed.add(key)

    def _next(self) -> Iterable[Key]:
        """Those whose turn it is; and of those with news one, so that they come as a trickle and not as a wave."""
        if not self._failed:
            for _ in range(min(self._limit - len(self._moving), len(self._waiting))):
                key, _ = self._waiting.popitem(last=False)
                self._uninformed.pop(key, None)
                yield key
        if self._uninformed:
            yield self._uninformed.popitem(last=False)[0]

    def _leave_line(self, key: Key) -> None:
        self._waiting.pop(key, None)
        self._uninformed.pop(key, None)


def _built(status: DestinationStatus) -> str | None:
    found = find_condition(status.conditions, ConditionType.BUILT)
    return found.reason if found is not None and found.status == "True" else None
