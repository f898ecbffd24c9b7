"""Prometheus' text format, judged by the client library's own parser."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from xkit_operator.dispatcher.telemetry.exposition import Family, expose
from xkit_operator.dispatcher.telemetry.metrics import Metrics

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"))


@given(TEXTS, st.floats(allow_nan=False, allow_infinity=False))
def test_a_sample_is_read_as_it_was_taken(label: str, value: float) -> None:
    family = Family("xkit_some", "gauge", "Some.", ("code",))
    family.add(value, label)
    [read] = text_string_to_metric_families(expose([family]).decode())
    assert (read.name, read.type, read.documentation) == ("xkit_some", "gauge", "Some.")
    assert [(sample.labels, sample.value) for sample in read.samples] == [({"code": label}, value)]


def test_a_runner_tells_of_its_process() -> None:
    read = {
        one.name: one.samples[0].value
        for one in text_string_to_metric_families(Metrics().expose().decode())
        if one.samples
    }
    assert 2**20 < read["xkit_runner_process_resident_memory_bytes"] < read["xkit_runner_process_virtual_memory_bytes"]
    assert read["xkit_runner_process_cpu_seconds"] > 0
    assert 0 < read["xkit_runner_process_open_fds"] < read["xkit_runner_process_max_fds"]
    assert read["xkit_runner_process_start_time_seconds"] > 1.6e9
