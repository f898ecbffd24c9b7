"""The PodDisruptionBudget of a runner: a drain of nodes takes its Pods one after the other."""

from typing import Any

from xkit_operator.api.destination import Destination
from xkit_operator.objects.labels import child_metadata, pod_labels


def disruption_budget(destination: Destination) -> dict[str, Any]:
    """The budget of `destination`, named like it."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": child_metadata(destination, destination.metadata.name),
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": pod_labels(destination.metadata.name)},
            # Pods that are broken anyway must not keep a node from being drained.
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
