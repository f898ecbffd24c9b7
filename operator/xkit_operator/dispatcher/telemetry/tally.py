"""How many records ended how, and how long they took: the two metrics that every record touches.

Here any number of records is two additions; the families are made when somebody asks for them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.dispatcher.telemetry.exposition import Family, counter

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_BOUNDS = (*map(str, BUCKETS), "+Inf")


class _Durations:
    """How many records of one operation took how long."""

    def __init__(self) -> None:
        self.counts = [0] * len(_BOUNDS)
        """By bucket, each without those below it."""
        self.seconds = 0.0


class Tally:
    """The records answered so far."""

    def __init__(self) -> None:
        self._records: Counter[tuple[str, str, Outcome]] = Counter()
        self._durations: dict[str, _Durations] = {}

    def add(self, count: int, *, operation: str, source: str, outcome: Outcome, seconds: float) -> None:
        """Count records that were answered together, after so many seconds each."""
        self._records[operation, source, outcome] += count
        durations = self._durations.get(operation)
        if durations is None:
            durations = self._durations[operation] = _Durations()
        durations.counts[bisect_left(BUCKETS, seconds)] += count
        durations.seconds += count * seconds

    def families(self) -> Iterable[Family]:
        """Both metrics, as they are now."""
        labels = ("operation", "source", "outcome")
        records = counter("xkit_runner_records_total", "Records answered.", labels, self._records.items())
        durations = Family(
            "xkit_runner_record_duration_seconds",
            "histogram",
            "Time from the whole request to the record's answer, waiting and asynchronous work included.",
            ("operation",),
        )
        for operation, found in self._durations.items():
            for bound, count in zip(_BOUNDS, accumulate(found.counts), strict=True):
                durations.add(count, operation, suffix="_bucket", le=bound)
            durations.add(sum(found.counts), operation, suffix="_count")
            durations.add(found.seconds, operation, suffix="_sum")
        return records, durations
