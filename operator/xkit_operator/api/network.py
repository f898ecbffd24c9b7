"""Who may reach the Pods of a runner, and whom they may reach."""

from typing import Annotated

from pydantic import Field

from xkit_operator.api.model import Model
from xkit_operator.api.names import JsonObject

Rules = Annotated[tuple[JsonObject, ...], Field(max_length=100, json_schema_extra={"x-kubernetes-list-type": "atomic"})]


class Network(Model):
    """Rules of the NetworkPolicy for the Pods; the cluster's network must enforce NetworkPolicies."""

    ingress: Rules | None = None
    """Who may send to the Pods, as in spec.ingress of a NetworkPolicy (networking.k8s.io/v1). Without it: Pods of the
    same namespace. Records come in on port 8080, scrapes of metrics on port 9090."""
    egress: Rules | None = None
    """Where the Pods may send to, as in spec.egress of a NetworkPolicy (networking.k8s.io/v1). Without it: anywhere.
    DNS (port 53) is always allowed."""
