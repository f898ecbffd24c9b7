"""Objects of a cluster, as its API server gives them."""

from typing import Any

NOW = "2026-11-26T09:00:00Z"


def destination(
    name: str = "crm",
    *,
    ready: str = "True",
    reason: str = "Ready",
    message: str = "",
    namespace: str = "team",
    observed: int = 1,
    sources: str | None = "hubspot",
) -> dict[str, Any]:
    status: dict[str, Any] = {
        "observedGeneration": observed,
        "conditions": [_condition("Accepted", "True", "Accepted", ""), _condition("Ready", ready, reason, message)],
        "url": f"http://{name}.{namespace}.svc",
        "image": f"registry.example.com/{name}@sha256:1",
        "replicas": 1,
        "readyReplicas": 1,
        **({"sources": sources} if sources else {}),
    }
    return {"metadata": _metadata(name, namespace), "spec": {}, "status": status}


def mapping(
    name: str = "crm-hubspot",
    *,
    of: str = "crm",
    ready: str = "True",
    reason: str = "Ready",
    message: str = "",
    namespace: str = "team",
) -> dict[str, Any]:
    spec = {"destinationRef": {"name": of}, "source": {"slug": "hubspot", "object": "contact"}, "inputs": []}
    status = {"observedGeneration": 1, "conditions": [_condition("Ready", ready, reason, message)]}
    return {"metadata": _metadata(name, namespace), "spec": spec, "status": status}


def pod(
    name: str = "crm-7d9f-abcde", *, run: str = "1", state: str = "running", namespace: str = "team"
) -> dict[str, Any]:
    statuses = [
        {
            "name": container,
            "ready": True,
            "restartCount": 0,
            "containerID": f"containerd://{name}-{container}-{run}",
            "state": {state: {}},
        }
        for container in ("dispatcher", "function")
    ]
    return {
        "metadata": _metadata(name, namespace),
        "spec": {"containers": [{}, {}]},
        "status": {"phase": "Running", "containerStatuses": statuses},
    }


def warning(about: str, name: str, message: str) -> dict[str, Any]:
    return {
        "metadata": _metadata(f"{name}.1", "team"),
        "involvedObject": {"kind": about, "name": name},
        "reason": "Unhealthy",
        "message": message,
        "lastTimestamp": NOW,
        "count": 3,
    }


def _metadata(name: str, namespace: str) -> dict[str, Any]:
    return {"name": name, "namespace": namespace, "generation": 1, "creationTimestamp": NOW}


def _condition(kind: str, status: str, reason: str, message: str) -> dict[str, Any]:
    return {
        "type": kind,
        "status": status,
        "reason": reason,
        "message": message,
        "observedGeneration": 1,
        "lastTransitionTime": NOW,
    }
