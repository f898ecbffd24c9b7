"""The registry loses its volume, and the node its copy of the image: the runner comes back without anybody's help."""

import subprocess
import sys
import time

import pytest

from tests.e2e.product import ROOT, SYSTEM, Crm, sample
from tests.waiting import until

REGISTRY = ("--namespace", SYSTEM, "pods", "-l", "app.kubernetes.io/component=registry")


def test_a_pod_becomes_ready_although_registry_and_node_have_lost_its_image(
    crm: Crm, cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    image = crm.get("destination", "crm-contacts")["status"]["image"]
    before = {pod["metadata"]["uid"] for pod in cluster.get(*REGISTRY)["items"]}
    cluster.kubectl("delete", *REGISTRY)  # its volume is an emptyDir
    until("another registry is ready", lambda: _ready(cluster, before))
    inside = [sys.executable, "-m", "dev.cluster", "exec", "--name", cluster.name, "--"]
    remove = [*inside, "ctr", "--namespace", "k8s.io", "images", "rm", "--sync", image]
    subprocess.run(remove, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    start = time.monotonic()
    crm.kubectl("delete", "pods", "-l", "xkit.dev/destination=crm-contacts", "--wait=false")
    until("Ready is taken back", lambda: crm.condition("destination", "crm-contacts").get("status") == "False")
    crm.wait_ready()
    with capsys.disabled():
        print(f"\nReady {time.monotonic() - start:.1f} s after its Pod was deleted")
    assert crm.send(sample("1-hubspot-upsert")).status == 200
    notes = crm.kubectl("get", "events.v1.events.k8s.io", "-o", "jsonpath={.items[*].note}")
    assert "the registry had lost the image" in notes


def _ready(cluster, before: set[str]) -> bool:
    """Whether there is a ready Pod of the registry that is not one of those `before`."""
    pods = [pod for pod in cluster.get(*REGISTRY)["items"] if pod["metadata"]["uid"] not in before]
    return any(one["ready"] for pod in pods for one in pod["status"].get("containerStatuses", ()))
