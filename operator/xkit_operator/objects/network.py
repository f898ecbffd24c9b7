"""The NetworkPolicy of a runner: who may send records to it, and where its functions may send to."""

from typing import Any

from xkit_operator.api.destination import Destination
from xkit_operator.api.network import Network
from xkit_operator.objects.labels import child_metadata, pod_labels

_OWN_NAMESPACE: dict[str, Any] = {"from": [{"podSelector": {}}]}
_DNS: dict[str, Any] = {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}


def network_policy(destination: Destination, network: Network) -> dict[str, Any]:
    """The policy of `destination`, named like it. The kubelet's probes are always let through by the nodes."""
    spec: dict[str, Any] = {
        "podSelector": {"matchLabels": pod_labels(destination.metadata.name)},
        "policyTypes": ["Ingress"],
        "ingress": [_OWN_NAMESPACE] if network.ingress is None else list(network.ingress),
    }
    if network.egress is not None:
        spec["policyTypes"].append("Egress")
        spec["egress"] = [_DNS, *network.egress]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": child_metadata(destination, destination.metadata.name),
        "spec": spec,
    }
