"""Documentation that lists what the code has: exactly that, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client import Counter, Gauge, Histogram

from xkit_operator.app.health import Bounds
from xkit_operator.app.metrics import Metrics as OperatorMetrics
from xkit_operator.dispatcher.intake.fields import RecordErrorCode
from xkit_operator.dispatcher.outcomes.outcome import VERDICTS
from xkit_operator.dispatcher.telemetry.metrics import Metrics as RunnerMetrics
from xkit_operator.mapping.result import InputErrorCode

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
METRICS = (REFERENCE / "metrics.md").read_text()
PAGE = (REFERENCE / "outcomes.md").read_text()


def test_the_page_lists_each_code_with_its_status_outcome_and_whether_to_try_again() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\w+) \| (yes|no) \|", PAGE, re.MULTILINE)
    documented = {code: (int(status), outcome, retryable == "yes") for code, status, outcome, retryable in rows}
    assert len(rows) == len(documented)
    assert documented == {
        code.value: (verdict.status, verdict.outcome.value, verdict.retryable) for code, verdict in VERDICTS.items()
    }


def test_the_page_names_every_code_of_an_error_in_a_record() -> None:
    for code in [*get_args(RecordErrorCode), *(code.value for code in InputErrorCode)]:
        assert f"`{code}`" in PAGE


@pytest.mark.parametrize(
    ("prefix", "exposition"),
    [
        ("xkit_runner_", RunnerMetrics().expose()),
        ("xkit_operator_", OperatorMetrics("1").exposition()),
    ],
    ids=["runner", "operator"],
)
def test_the_page_lists_exactly_the_metrics_that_there_are(prefix: str, exposition: bytes) -> None:
    declared = re.findall(rf"^# TYPE ({prefix}\w+)", exposition.decode(), re.MULTILINE)
    own = {name for name in declared if "_process_" not in name and not name.endswith("_created")}
    documented = re.findall(rf"^\| `({prefix}\w+)`", METRICS, re.MULTILINE)
    assert {name for name in documented if "_process_" not in name} == own


def _parts(metrics: object) -> Iterator[object]:
    for value in vars(metrics).values():
        yield value
        if type(value).__module__.startswith("xkit_operator") and hasattr(value, "__dict__"):
            yield from _parts(value)


def registered(metrics: OperatorMetrics) -> dict[str, set[str]]:
    """The labels of each metric of the client library, by the name that a scrape sees."""
    found = [one for value in _parts(metrics) if isinstance(one := value, Counter | Gauge | Histogram)]
    return {f"{one._name}_total" if isinstance(one, Counter) else one._name: set(one._labelnames) for one in found}


@pytest.mark.parametrize(
    ("prefix", "labels"),
    [
        (
            "xkit_runner_",
            {one.name: set(one.labels) for one in RunnerMetrics().families() if "_process_" not in one.name},
        ),
        ("xkit_operator_", registered(OperatorMetrics("1"))),
    ],
    ids=["runner", "operator"],
)
def test_the_page_names_the_labels_of_each_metric(prefix: str, labels: dict[str, set[str]]) -> None:
    rows = re.findall(rf"^\| `({prefix}\w+)`(?: and its kin)? \| (.*?) \|", METRICS, re.MULTILINE)
    documented = {name: set(re.findall(r"`(\w+)`", names)) for name, names in rows}
    assert labels
    assert {name: documented[name] for name in labels} == labels


def test_the_page_names_each_bound_of_the_operators_health() -> None:
    section = METRICS.split("## The operator, `/healthz`")[1].split("\n## ")[0]
    assert {f"{value:g}" for value in asdict(Bounds()).values()} <= set(re.findall(r"(\d+) s\b", section))
