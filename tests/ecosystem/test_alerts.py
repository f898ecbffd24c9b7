"""Prometheus' own promtool: alerts are silent while all is well and speak in trouble; metrics are as it wants them."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import Cluster
from tests.e2e.product import ROOT, SYSTEM, Crm
from tests.programs import program

RULES = ROOT / "helm" / "xkit-operator" / "files" / "alerts.yaml"
OPERATOR = 'namespace="xkit-system"'
RUNNER = 'namespace="crm",xkit_dev_destination="crm"'
WELL = {
    f"xkit_operator_leader{{{OPERATOR}}}": "1x90",
    f"xkit_operator_queue_oldest_seconds{{{OPERATOR}}}": "2x90",
    f'xkit_operator_api_requests_total{{{OPERATOR},code="200"}}': "0+60x90",
    f'xkit_operator_api_requests_total{{{OPERATOR},code="500"}}': "0+1x90",
    f'xkit_operator_registry_requests_total{{{OPERATOR},code="404"}}': "0+60x90",
    f'xkit_operator_builds_total{{{OPERATOR},outcome="pushed"}}': "0+10x90",
    'xkit_runner_executors_ready{namespace="crm",pod="crm-1"}': "2x90",
    f'xkit_runner_records_total{{{RUNNER},source="hubspot",outcome="succeeded"}}': "0+600x90",
    f'xkit_runner_records_total{{{RUNNER},source="hubspot",outcome="failed"}}': "0+6x90",
    f'xkit_runner_records_total{{{RUNNER},source="hubspot",outcome="rejected"}}': "0+6x90",
    f'xkit_runner_executor_restarts_total{{{RUNNER},reason="Drained"}}': "0+1x90",
}
"""Series of 90 minutes, as promtool writes them: first value, what is added each minute, how often."""
IN_TROUBLE = {
    f"xkit_operator_leader{{{OPERATOR}}}": "0x90",
    f"xkit_operator_queue_oldest_seconds{{{OPERATOR}}}": "60+60x90",
    f'xkit_operator_api_requests_total{{{OPERATOR},code="0"}}': "0+60x90",
    f'xkit_operator_registry_requests_total{{{OPERATOR},code="503"}}': "0+60x90",
    f'xkit_operator_builds_total{{{OPERATOR},outcome="RegistryUnreachable"}}': "0+1x90",
    f'xkit_operator_builds_total{{{OPERATOR},outcome="restored"}}': "0+1x90",
    'xkit_runner_executors_ready{namespace="crm",pod="crm-1"}': "0x90",
    f'xkit_runner_records_total{{{RUNNER},source="hubspot",outcome="failed"}}': "0+10x90",
    f'xkit_runner_records_total{{{RUNNER},source="hubspot",outcome="rejected"}}': "0+10x90",
    f'xkit_runner_records_total{{{RUNNER},source="hubspot",outcome="overloaded"}}': "0+10x90",
    f'xkit_runner_executor_restarts_total{{{RUNNER},reason="MemoryExceeded"}}': "0+1x90",
}
ALERTS = sorted(rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"])


def promtool(*arguments: str, given: str = "") -> str:
    command = [program("promtool", "prometheus"), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(("series", "speak"), [(WELL, []), (IN_TROUBLE, ALERTS)], ids=["well", "in trouble"])
def test_alerts_are_silent_while_all_is_well_and_speak_in_trouble(
    series: dict[str, str], speak: list[str], tmp_path: Path
) -> None:
    expected = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in speak]
    firing = {"expr": 'count by (alertname) (ALERTS{alertstate="firing"})', "eval_time": "80m", "exp_samples": expected}
    world = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [firing],
    }
    test = tmp_path / "test.yaml"
    test.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [world]}))
    promtool("test", "rules", str(test))


def test_the_metrics_of_operator_and_runner_are_as_prometheus_wants_them(cluster: Cluster, crm: Crm) -> None:
    for namespace, label, port in (
        (SYSTEM, "app.kubernetes.io/component=operator", 8080),
        (crm.namespace, "xkit.dev/destination=crm-contacts", 9090),
    ):
        found = json.loads(cluster.kubectl("get", "pods", "-n", namespace, "-l", label, "-o", "json").stdout)
        name = found["items"][0]["metadata"]["name"]
        path = f"/api/v1/namespaces/{namespace}/pods/{name}:{port}/proxy/metrics"
        exposition = cluster.kubectl("get", "--raw", path).stdout
        assert "xkit_" in exposition
        promtool("check", "metrics", given=exposition)
