"""The Deployment of a runner, without its number of replicas: that belongs to a field manager of its own.

Also says of a Deployment, as read back, which version it is of and whether its rollout is over. Pure.
"""

import hashlib
import json
from typing import Any

from xkit_operator import __version__
from xkit_operator.api.destination import Destination
from xkit_operator.objects.labels import child_metadata, pod_labels

REVISION = "xkit.dev/revision"
"""Annotation of a Pod: hash of the template that it was made from."""
RELEASE = "xkit.dev/release"
"""Annotation of a Deployment: the release whose runner its Pods are; `xkit version` tells it."""


def deployment(destination: Destination, template: dict[str, Any]) -> dict[str, Any]:
    """The Deployment of `destination`, named like it, with Pods of `template`."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": child_metadata(destination, destination.metadata.name) | {"annotations": {RELEASE: __version__}},
        "spec": {
            "revisionHistoryLimit": destination.spec.revision_history_limit,
            "selector": {"matchLabels": pod_labels(destination.metadata.name)},
            # A new Pod is ready before an old one goes: no record finds nobody, not even with one replica.
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": _with_revision(template),
        },
    }


def revision(template_or_pod: dict[str, Any]) -> str | None:
    """The revision that a template or a Pod is of."""
    found: str | None = template_or_pod.get("metadata", {}).get("annotations", {}).get(REVISION)
    return found


def configuration_name(live: dict[str, Any]) -> str | None:
    """The ConfigMap that Pods made from now on read their configuration from."""
    for volume in live["spec"]["template"]["spec"].get("volumes", ()):
        if volume["name"] == "configuration":
            name: str = volume["configMap"]["name"]
            return name
    return None


def rolled_out(live: dict[str, Any]) -> bool:
    """Whether every Pod of the Deployment is of its current version and available, and no other is left."""
    wanted = live["spec"].get("replicas", 1)
    status = live.get("status", {})
    current: bool = status.get("observedGeneration", 0) >= live["metadata"].get("generation", 0)
    counts = ("updatedReplicas", "replicas", "availableReplicas")
    return current and all(status.get(count, 0) == wanted for count in counts)


def only_current_pods(live: dict[str, Any]) -> bool:
    """Whether the Deployment, as its controller last saw it, has Pods of its current version and no others."""
    status = live.get("status", {})
    return bool(status.get("updatedReplicas", 0) == status.get("replicas", 0))


def _with_revision(template: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(template, sort_keys=True, separators=(",", ":"))
    metadata = template["metadata"]
    annotations = metadata["annotations"] | {REVISION: hashlib.sha256(text.encode()).hexdigest()[:10]}
    return template | {"metadata": metadata | {"annotations": annotations}}
