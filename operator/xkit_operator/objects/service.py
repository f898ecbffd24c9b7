"""The Service: the address under which senders reach the runner of a Destination."""

from typing import Any

from xkit_operator.api.destination import Destination
from xkit_operator.objects.labels import child_metadata, pod_labels
from xkit_operator.objects.pod import RECORDS_PORT


def service(destination: Destination) -> dict[str, Any]:
    """The Service of `destination`, named like it."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": child_metadata(destination, destination.metadata.name),
        "spec": {
            "type": "ClusterIP",
            "selector": pod_labels(destination.metadata.name),
            "ports": [
                {"name": "http", "port": 80, "targetPort": RECORDS_PORT, "protocol": "TCP", "appProtocol": "http"}
            ],
        },
    }


def url(*, namespace: str, name: str) -> str:
    """Where records for the Destination `name` are sent to from within the cluster, without the path."""
    return f"http://{name}.{namespace}.svc"
