"""The tally of records: the same text as the client library's own metrics would give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.dispatcher.telemetry.exposition import expose
from xkit_operator.dispatcher.telemetry.tally import BUCKETS, Tally

SECONDS = st.one_of(st.sampled_from(BUCKETS), st.floats(0, 1000))


@given(st.lists(st.tuples(st.sampled_from(["upsert", "delete"]), st.sampled_from(Outcome), SECONDS, st.integers(1, 3))))
def test_records_are_counted_as_the_client_library_counts(records: list[tuple[str, Outcome, float, int]]) -> None:
    theirs, tally = CollectorRegistry(), Tally()
    counter = Counter("xkit_runner_records", "", ["operation", "source", "outcome"], registry=theirs)
    name = "xkit_runner_record_duration_seconds"
    histogram = Histogram(name, "", ["operation"], buckets=BUCKETS, registry=theirs)
    for operation, outcome, seconds, count in records:
        tally.add(count, operation=operation, source="hubspot", outcome=outcome, seconds=seconds)
        counter.labels(operation, "hubspot", outcome).inc(count)
        for _ in range(count):
            histogram.labels(operation).observe(seconds)
    ours = samples(expose(tally.families()))
    assert ours == pytest.approx(samples(generate_latest(theirs)), rel=1e-9)  # they add up the seconds one by one


def samples(exposition: bytes) -> dict[str, float]:
    """Without when each series began, which the library tells and nobody reads."""
    lines = [line for line in exposition.decode().splitlines() if not line.startswith("#")]
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines) if "_created{" not in name
    }
