"""Whether the node and the cluster's DNS serve, as of this start.

After a restart the API server still shows the conditions of the last run, so a stored Ready proves nothing by itself.
"""

import http.client
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dev.cluster.client import ApiClient
from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import NODE

_DNS_PODS = "/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns"


def node_ready(api: ApiClient) -> bool:
    """The node says Ready, and the kubelet of this start answers through the API server."""
    return any(
        condition(node, "Ready") for node in api.objects("/api/v1/nodes") if node["metadata"]["name"] == NODE
    ) and api.healthy(f"/api/v1/nodes/{NODE}/proxy/healthz")


def dns_ready(api: ApiClient, *, since: float) -> bool:
    """A CoreDNS container that started after `since` (wall clock, seconds) is ready."""
    return any(_started_after(pod, since) for pod in api.objects(_DNS_PODS))


def condition(node: dict[str, Any], kind: str) -> bool:
    """Whether the condition `kind` of an object is True."""
    conditions = node.get("status", {}).get("conditions", [])
    return any(c["type"] == kind and c["status"] == "True" for c in conditions)


def wait(what: str, ready: Callable[[], bool], *, deadline: float, alive: Callable[[], bool]) -> None:
    """Ask `ready` until it says yes. Raises ClusterProblem at `deadline` (monotonic), or when not `alive`."""
    while True:
        try:
            if ready():
                return
        except (OSError, http.client.HTTPException):
            pass  # the server is not up yet, or restarts
        if not alive():
            raise ClusterProblem(f"the supervisor ended while {what} was awaited")
        if time.monotonic() > deadline:
            raise ClusterProblem(f"{what} was not ready in time")
        time.sleep(0.1)


def _started_after(pod: dict[str, Any], since: float) -> bool:
    for status in pod["status"].get("containerStatuses", []):
        started = status["state"].get("running", {}).get("startedAt")
        # whole seconds: a start within the same second counts
        if status["ready"] and started and _seconds(started) >= since - 1:
            return True
    return False


def _seconds(timestamp: str) -> float:
    return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
