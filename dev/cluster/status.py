"""How a cluster is: for `status`, which people read, and `info`, which programs read."""

import contextlib
from pathlib import Path

from dev.cluster import instance
from dev.cluster.client import ApiClient
from dev.cluster.identity import Cluster
from dev.cluster.readiness import condition


def info(cluster: Cluster) -> dict[str, object]:
    """Where everything is; valid before the cluster runs, except that a port in use moves `up` to other ports."""
    ports = cluster.ports
    return {
        "name": cluster.name,
        "running": instance.running(cluster) is not None,
        "kubeconfig": str(cluster.kubeconfig),
        "api": f"https://127.0.0.1:{ports.api}",
        "registry": f"localhost:{ports.registry}",
        "nodePorts": [ports.node_ports.start, ports.node_ports.stop - 1],
        "bin": str(cluster.binaries),
        "state": str(cluster.state),
    }


def report(cluster: Cluster) -> tuple[bool, list[str]]:
    """Whether the cluster is healthy, and lines that say what runs."""
    running = instance.running(cluster)
    if running is None:
        return False, [f"cluster {cluster.name} is down"]
    ports = cluster.ports
    node_ports = f"{ports.node_ports.start}-{ports.node_ports.stop - 1}"
    lines = [
        f"cluster {cluster.name} is up, supervised by process {running.pid}",
        f"API https://127.0.0.1:{ports.api}  registry localhost:{ports.registry}  node ports {node_ports}",
        *(f"  {line}" for line in _children(running.pid)),
    ]
    api = ApiClient(cluster)
    ready = api.healthy("/readyz")
    lines.append(f"API server: {'ready' if ready else 'not ready'}")
    nodes = api.objects("/api/v1/nodes") if ready else []
    states = {node["metadata"]["name"]: condition(node, "Ready") for node in nodes}
    lines.extend(f"node {name}: {'ready' if state else 'not ready'}" for name, state in states.items())
    return bool(states) and all(states.values()), lines


def _children(pid: int) -> list[str]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():  # a kernel without CONFIG_PROC_CHILDREN
        return []
    found = []
    for child in listed.read_text().split():
        with contextlib.suppress(OSError):  # one that has ended since it was listed
            words = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace").split("\0")
            # the shims' names say nothing more than that there are Pods
            found.append(" ".join([child, Path(words[0]).name, *words[1:3]])[:100])
    return found
