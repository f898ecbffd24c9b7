"""The operator is killed while it works: the next one converges."""

import contextlib
import os
import signal
from pathlib import Path
from typing import Any

from tests.e2e.product import SYSTEM, Crm
from tests.waiting import until

BACKOFF = 240.0
"""Seconds: the kubelet waits longer before each restart of a container that has been killed again and again."""


def operator_container(cluster) -> dict[str, Any]:
    """What the kubelet says of the operator's container in the tests' cluster; empty while there is none."""
    listed = cluster.get("--namespace", SYSTEM, "pods", "-l", "app.kubernetes.io/component=operator")["items"]
    running = [pod for pod in listed if "deletionTimestamp" not in pod["metadata"]]
    statuses = [status for pod in running for status in pod["status"].get("containerStatuses", ())]
    return statuses[0] if statuses else {}


def kill(container: dict[str, Any]) -> None:
    """kill -9 to every process of the container, found on this machine by its control group."""
    name = container["containerID"].removeprefix("containerd://")
    for found in Path("/proc").glob("[0-9]*/cgroup"):
        with contextlib.suppress(OSError):  # ended meanwhile
            if name in found.read_text():
                os.kill(int(found.parent.name), signal.SIGKILL)


def test_an_operator_killed_during_builds_and_applies_converges(crm: Crm, cluster) -> None:
    for number in range(3):
        source = f"module.exports = async () => ({{ version: {number} }})\n"
        crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": source}}}})
        killed = until("the operator runs", lambda: _ready(cluster), seconds=BACKOFF)
        kill(killed)
        before = killed["containerID"]
        until("the operator is back", lambda before=before: _ready(cluster, but=before), seconds=BACKOFF)
    crm.wait_ready()
    crm.wait_for_result({"version": 2})
    configurations = ("configmaps", "-l", "xkit.dev/destination=crm-contacts")
    until("the configurations before are gone", lambda: len(crm.get(*configurations)["items"]) == 1)


def _ready(cluster, *, but: str = "") -> dict[str, Any]:
    """The operator's container, once it is ready and has another id than `but`."""
    now = operator_container(cluster)
    return now if now and now["ready"] and now["containerID"] != but else {}
