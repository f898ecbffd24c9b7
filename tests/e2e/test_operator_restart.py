"""The operator is killed while it works, and removed altogether: what serves goes on, the next one converges."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.product import ROOT, SYSTEM, Crm, sample, until


def operator_process(cluster) -> int:
    """The process id, on this machine, of the operator in the tests' cluster."""
    listed = cluster.get("--namespace", SYSTEM, "pods", "-l", "app.kubernetes.io/component=operator")["items"]
    (running,) = [pod for pod in listed if "deletionTimestamp" not in pod["metadata"]]
    container = running["status"]["containerStatuses"][0]["containerID"].removeprefix("containerd://")
    for found in Path("/proc").glob("[0-9]*/cgroup"):
        try:
            if container in found.read_text():
                return int(found.parent.name)
        except OSError:  # ended meanwhile
            continue
    raise AssertionError(f"no process belongs to container {container}")


def test_an_operator_killed_during_builds_and_applies_converges(crm: Crm, cluster) -> None:
    restarts = 0
    for number in range(3):
        source = f"module.exports = async () => ({{ version: {number} }})\n"
        crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": source}}}})
        killed = operator_process(cluster)
        os.kill(killed, signal.SIGKILL)
        restarts += 1
        until("the operator is back", lambda killed=killed: _serving(cluster, killed))
    crm.wait_ready()
    assert crm.send(sample("1-hubspot-upsert")).body["result"] == {"version": restarts - 1}
    configurations = crm.get("configmaps", "-l", "xkit.dev/destination=crm-contacts")["items"]
    assert len(configurations) == 1


def _serving(cluster, killed: int) -> bool:
    deployment = cluster.get("--namespace", SYSTEM, "deployment", "xkit-operator")
    return bool(deployment["status"].get("readyReplicas")) and _process_or_none(cluster) not in (None, killed)


def _process_or_none(cluster) -> int | None:
    try:
        return operator_process(cluster)
    except (AssertionError, KeyError, ValueError):
        return None


def test_helm_uninstall_keeps_kinds_objects_and_runners(crm: Crm, cluster) -> None:
    cluster.run("helm", "uninstall", "xkit-operator", "--namespace", SYSTEM, "--wait")
    try:
        assert len(cluster.get("crds")["items"]) >= 2
        assert crm.get("destination", "crm-contacts")["metadata"]["name"] == "crm-contacts"
        assert crm.send(sample("1-hubspot-upsert")).status == 200
    finally:
        again = [sys.executable, "-m", "dev.up", "--cluster", cluster.name]
        done = subprocess.run(again, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    crm.wait_ready()
