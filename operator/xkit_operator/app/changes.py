"""How long changes of specs take, stage by stage: one histogram.

Each change is counted once in each stage that it reaches, and its last one is `ready` or `stalled`, whichever comes
first: what somebody had to mend before says nothing about the time that a change takes. One that another change
overtakes ends where it is.
"""

import time
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Histogram

from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.telemetry import Stage

_SECONDS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 120, 300, 600)
_LAST: frozenset[Stage] = frozenset({"ready", "stalled"})


@dataclass
class _Change:
    generation: int
    start: float
    reached: set[Stage] = field(default_factory=set)


class Changes:
    """Those that are under way, and the last of each Destination."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "xkit_operator_change_seconds",
            "From a change of a spec to each stage that it reaches.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._last: dict[Key, _Change] = {}

    def seen(self, key: Key, generation: int, waited: float) -> None:
        """Start the clock for a generation that was not seen before."""
        last = self._last.get(key)
        if last is None or last.generation < generation:
            self._last[key] = _Change(generation, time.monotonic() - waited)

    def reached(self, key: Key, generation: int, stage: Stage) -> None:
        """Read the clock of this generation, if it runs."""
        last = self._last.get(key)
        if last is None or last.generation != generation or last.reached & {stage, *_LAST}:
            return
        last.reached.add(stage)
        self._seconds.labels(stage).observe(time.monotonic() - last.start)

    def gone(self, key: Key) -> None:
        """Forget a Destination."""
        self._last.pop(key, None)
