"""The ServiceAccount of a runner: it names the Pods in audits and policies, and has no token."""

from typing import Any

from xkit_operator.api.destination import Destination
from xkit_operator.objects.labels import child_metadata


def service_account(destination: Destination) -> dict[str, Any]:
    """The ServiceAccount of `destination`, named like it."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": child_metadata(destination, destination.metadata.name),
        "automountServiceAccountToken": False,
    }
