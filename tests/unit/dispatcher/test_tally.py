"""The tally of records: the same text as the client library's own metrics would give."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.dispatcher.telemetry.tally import BUCKETS, Tally

SECONDS = st.one_of(st.sampled_from(BUCKETS), st.floats(0, 1000))


@given(st.lists(st.tuples(st.sampled_from(["upsert", "delete"]), st.sampled_from(Outcome), SECONDS)))
def test_records_are_counted_as_the_client_library_counts(records: list[tuple[str, Outcome, float]]) -> None:
    theirs, ours, tally = CollectorRegistry(), CollectorRegistry(), Tally()
    counter = Counter("xkit_runner_records", "", ["operation", "source", "outcome"], registry=theirs)
    name = "xkit_runner_record_duration_seconds"
    histogram = Histogram(name, "", ["operation"], buckets=BUCKETS, registry=theirs)
    ours.register(tally)
    for operation, outcome, seconds in records:
        tally.add(1, operation=operation, source="hubspot", outcome=outcome, seconds=seconds)
        counter.labels(operation, "hubspot", outcome).inc()
        histogram.labels(operation).observe(seconds)
    assert samples(ours) == samples(theirs)


def samples(registry: CollectorRegistry) -> list[str]:
    """Without when each series began, which the library tells and nobody reads."""
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#") and "_created{" not in line]
