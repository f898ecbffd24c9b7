"""Alerts and dashboard: each metric, label and outcome that they name exists, and each alert says what to do."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.chart.conftest import BUNDLED, CHART, Render
from tests.pages import DOCS
from xkit_operator.dispatcher.outcomes.outcome import Outcome

RULES: dict[str, Any] = yaml.safe_load((CHART / "files" / "alerts.yaml").read_text())
DASHBOARD: dict[str, Any] = json.loads((CHART / "files" / "dashboard.json").read_text())
METRICS = (DOCS / "reference" / "metrics.md").read_text()
RUNBOOK = (DOCS / "how-to" / "alerts.md").read_text()
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
GIVEN_BY_PROMETHEUS = {"namespace", "pod", "xkit_dev_destination", "le"}
ON = {"monitoring": {"serviceMonitor": True, "podMonitor": True, "rules": True, "dashboard": True}}


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in ALERTS)
    yield from (target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"])


def documented() -> dict[str, set[str]]:
    """The labels of every metric, by its name, out of the reference."""
    rows = re.findall(r"^\| `(xkit_\w+)`[^|]*\|([^|]*)\|", METRICS, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


@pytest.mark.parametrize("expression", sorted(set(expressions())), ids=str)
def test_what_an_expression_names_exists(expression: str) -> None:
    known = documented()
    names = {re.sub(r"_bucket$", "", name) for name in re.findall(r"\bxkit_(?:operator|runner)_\w+", expression)}
    assert names
    assert names <= set(known)
    labels = {label for name in names for label in known[name]} | GIVEN_BY_PROMETHEUS
    used = set(re.findall(r"(\w+)(?:=~|!~|!=|=)\"", expression))
    for listed in re.findall(r"by \(([^)]*)\)", expression):
        used |= set(re.split(r"[ ,]+", listed))
    assert used <= labels


def test_outcomes_in_expressions_are_those_that_records_have() -> None:
    named = {
        word
        for expression in expressions()
        for listed in re.findall(r"xkit_runner_records_total{outcome=~?\"([^\"]+)\"", expression)
        for word in listed.split("|")
    }
    assert named
    assert named <= set(Outcome)


def test_each_alert_has_a_section_that_says_what_to_do() -> None:
    assert re.findall(r"^## (Xkit\w+)$", RUNBOOK, re.MULTILINE) == [rule["alert"] for rule in ALERTS]


def test_each_alert_says_how_bad_it_is_and_what_it_means() -> None:
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert set(rule["annotations"]) == {"summary", "description"}


def test_monitors_choose_the_pods_and_ports_that_there_are(render: Render) -> None:
    objects = render(BUNDLED | ON)
    service = objects["Service", "xkit-system/xo-metrics"]
    monitor = objects["ServiceMonitor", "xkit-system/xo"]["spec"]
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["endpoints"][0]["port"] == service["spec"]["ports"][0]["name"]
    runners = objects["PodMonitor", "xkit-system/xo-runners"]["spec"]
    assert runners["namespaceSelector"] == {"any": True}
    assert runners["podMetricsEndpoints"][0]["port"] == "admin"


def test_rules_and_dashboard_are_the_files_and_carry_the_labels_that_are_asked_for(render: Render) -> None:
    objects = render(BUNDLED | {"monitoring": ON["monitoring"] | {"labels": {"release": "prometheus"}}})
    rules = objects["PrometheusRule", "xkit-system/xo"]
    assert rules["spec"] == RULES
    assert rules["metadata"]["labels"]["release"] == "prometheus"
    dashboard = objects["ConfigMap", "xkit-system/xo-dashboard"]
    assert json.loads(dashboard["data"]["xkit.json"]) == DASHBOARD
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"


def test_nothing_of_it_is_there_unless_it_is_asked_for(render: Render) -> None:
    kinds = {kind for kind, _ in render(BUNDLED)}
    assert not kinds & {"ServiceMonitor", "PodMonitor", "PrometheusRule"}
