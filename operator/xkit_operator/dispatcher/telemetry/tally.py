"""How many records ended how, and how long they took: the two metrics that every record touches.

The client library's own Counter and Histogram take a lock and a loop over all buckets each time; here any number of
records is two additions, and the families are made when somebody asks for them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from xkit_operator.dispatcher.outcomes.outcome import Outcome

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_BOUNDS = (*map(str, BUCKETS), "+Inf")


class _Durations:
    """How many records of one operation took how long."""

    def __init__(self) -> None:
        self.counts = [0] * len(_BOUNDS)
        """By bucket, each without those below it."""
        self.seconds = 0.0


class Tally(Collector):
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

    def collect(self) -> Iterable[Metric]:
        """See Collector."""
        records = CounterMetricFamily(
            "xkit_runner_records", "Records answered.", labels=("operation", "source", "outcome")
        )
        for labels, count in self._records.items():
            records.add_metric(labels, count)
        durations = HistogramMetricFamily(
            "xkit_runner_record_duration_seconds",
            "Time from the whole request to the record's answer, waiting and asynchronous work included.",
            labels=("operation",),
        )
        for operation, found in self._durations.items():
            buckets = list(zip(_BOUNDS, map(float, accumulate(found.counts)), strict=True))
            durations.add_metric([operation], buckets, found.seconds)
        return records, durations
