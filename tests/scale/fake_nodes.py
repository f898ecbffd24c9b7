"""Nodes that only say that they run Pods: KWOK, beside a control plane that knows no difference.

How Pods come to be ready there is said by the Stages of KWOK's own module. The nodes carry a taint, so nothing that
does not ask for them is ever lost on them.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import Cluster
from tests.gotool import TOOLS, go_tool
from tests.waiting import until

PLACEMENT: dict[str, Any] = {
    "nodeSelector": {"type": "kwok"},
    "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Equal", "value": "fake", "effect": "NoSchedule"}],
}
"""What a Pod says to run there."""

PODS = 500
"""On one node: a fake one has no kubelet that more would be too many for."""

_STAGES = (
    "node/fast/node-initialize",
    "node/heartbeat-with-lease/node-heartbeat-with-lease",
    "pod/fast/pod-ready",
    "pod/fast/pod-complete",
    "pod/fast/pod-delete",
)
_SIZE = {"cpu": "1k", "memory": "4Ti", "pods": str(PODS)}


@contextmanager
def fake_nodes(cluster: Cluster, count: int, folder: Path) -> Iterator[None]:
    """`count` of them, ready; KWOK's log is in `folder`."""
    stages = folder / "stages.yaml"
    stages.write_text("\n---\n".join((_module() / f"kustomize/stage/{name}.yaml").read_text() for name in _STAGES))
    nodes = {"apiVersion": "v1", "kind": "List", "items": [_node(f"fake-{number}") for number in range(count)]}
    cluster.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(nodes))
    command = [
        str(go_tool("kwok", "sigs.k8s.io/kwok/cmd/kwok")),
        f"--kubeconfig={cluster.kubeconfig}",
        f"--config={stages}",
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
        "--node-ip=100.64.0.1",
        "--cidr=10.99.0.0/16",
        "--node-lease-duration-seconds=40",
    ]
    with (folder / "kwok.log").open("wb") as log:
        kwok = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until("the fake nodes are ready", lambda: _ready(cluster) == count, seconds=60)
        yield
    finally:
        kwok.terminate()
        kwok.wait(10)


def _ready(cluster: Cluster) -> int:
    nodes = cluster.get("nodes", "-l", "type=kwok")["items"]
    said = [{one["type"]: one["status"] for one in node["status"].get("conditions", ())} for node in nodes]
    return sum(conditions.get("Ready") == "True" for conditions in said)


def _node(name: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {"type": "kwok", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux"},
        },
        "spec": {"taints": [{"key": "kwok.x-k8s.io/node", "value": "fake", "effect": "NoSchedule"}]},
        "status": {"allocatable": _SIZE, "capacity": _SIZE},
    }


def _module() -> Path:
    """Where Go keeps the sources of KWOK, of the version that the program is built from."""
    asked = ["go", "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"]
    environment = {**os.environ, "GOWORK": "off", "GOFLAGS": ""}
    subprocess.run(["go", "mod", "download", "sigs.k8s.io/kwok"], cwd=TOOLS / "kwok", env=environment, check=True)
    found = subprocess.run(asked, cwd=TOOLS / "kwok", env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return Path(found.stdout.strip())
