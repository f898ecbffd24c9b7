"""Kyverno, with the policies of a strict cluster, refuses of ours what the threat model explains, and nothing else."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Cluster
from tests.e2e.product import EXAMPLE, Crm
from tests.ecosystem import scanners
from tests.ecosystem.explained import explained
from tests.waiting import until

NAMES = {policy["metadata"]["name"] for policy in yaml.safe_load_all(scanners.POLICIES.read_text("utf-8"))}
SOUND: dict[str, Any] = {
    "automountServiceAccountToken": False,
    "securityContext": {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "sound",
            "image": scanners.VALUES["image"]["operator"],
            "resources": {"limits": {"memory": "64Mi"}},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
        }
    ],
}
"""The spec of a Pod that nobody refuses."""
FAULTS: list[tuple[str, list[str | int], Any]] = [
    ("restricted", ["containers", 0, "securityContext", "privileged"], True),
    ("restricted", ["securityContext", "runAsNonRoot"], False),
    ("image-by-digest", ["containers", 0, "image"], "registry.example.com/operator:1"),
    ("image-by-digest", ["initContainers"], [SOUND["containers"][0] | {"name": "first", "image": "operator:1"}]),
    ("read-only-root", ["containers", 0, "securityContext", "readOnlyRootFilesystem"], False),
    ("memory-limit", ["containers", 0, "resources", "limits"], {"cpu": "1"}),
    ("no-api-token", ["automountServiceAccountToken"], True),
]


def judged(manifests: str, folder: Path) -> dict[tuple[str, str], str]:
    """pass or fail, by policy and name of the object. `manifests` are documents: of a List it sees nothing."""
    resources = folder / "resources.yaml"
    resources.write_text(manifests)
    command = [str(scanners.kyverno()), "apply", str(scanners.POLICIES), "--resource", str(resources)]
    report = ["--policy-report", "--output-format", "json"]
    done = subprocess.run([*command, *report], capture_output=True, text=True, check=False)
    # what it has to say about a policy comes first, on the same output
    *_, last = done.stdout.splitlines()
    assert last.startswith("{"), f"no report: {done.stdout}{done.stderr}"
    results = json.loads(last)["results"]
    return {(one["policy"], obj["name"]): one["result"] for one in results for obj in one["resources"]}


def refused(verdicts: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    return {found for found, verdict in verdicts.items() if verdict != "pass"}


def pod(spec: dict[str, Any]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tried"}, "spec": spec})


@pytest.fixture
def runners(crm: Crm) -> str:
    """What the operator makes of all examples, and the system that the first of them writes to."""
    folders = [path.parent for path in (ROOT / "examples").glob("**/destination.yaml") if path.parent != EXAMPLE]
    render = [sys.executable, "-m", "xkit_operator.cli", "render", *map(str, folders)]
    crm.kubectl("apply", "--server-side", "-f", "-", input=crm.cluster.run(*render).stdout)
    wanted = {"crm-sink", *(each["metadata"]["name"] for each in crm.get("destinations")["items"])}
    assert len(wanted) == len(folders) + 2

    def made() -> bool:
        return {each["metadata"]["name"] for each in crm.get("deployments")["items"]} == wanted

    until("all examples have their Deployments", made)
    return str(yaml.safe_dump_all(crm.get("deployments")["items"]))


@pytest.mark.parametrize(
    ("values", "pods"),
    [
        (scanners.VALUES, {"xkit-operator", "xkit-operator-registry", "xkit-operator-test"}),
        (scanners.NAMESPACED, {"xkit-operator", "xkit-operator-test"}),
    ],
    ids=["cluster", "namespaced"],
)
def test_of_a_release_is_refused_what_the_page_explains(
    cluster: Cluster, tmp_path: Path, values: dict[str, Any], pods: set[str]
) -> None:
    verdicts = judged(scanners.release(cluster, values), tmp_path)
    assert set(verdicts) == {(policy, name) for policy in NAMES for name in pods}
    assert refused(verdicts) == explained("Kyverno")


def test_nothing_is_refused_of_what_runs_for_the_examples(runners: str, tmp_path: Path) -> None:
    verdicts = judged(runners, tmp_path)
    assert len(verdicts) == len(NAMES) * len(list(yaml.safe_load_all(runners)))
    assert refused(verdicts) == set()


def test_a_sound_pod_is_let_in(tmp_path: Path) -> None:
    assert judged(pod(SOUND), tmp_path) == {(policy, "tried"): "pass" for policy in NAMES}


@pytest.mark.parametrize(("policy", "where", "value"), FAULTS, ids=[str(where[-1]) for _, where, _ in FAULTS])
def test_a_pod_with_one_fault_is_refused(policy: str, where: list[str | int], value: Any, tmp_path: Path) -> None:
    spec = copy.deepcopy(SOUND)
    changed = spec
    for step in where[:-1]:
        changed = changed[step]
    changed[where[-1]] = value
    assert refused(judged(pod(spec), tmp_path)) == {(policy, "tried")}


def test_every_policy_refuses_something() -> None:
    assert {policy for policy, _, _ in FAULTS} == NAMES
