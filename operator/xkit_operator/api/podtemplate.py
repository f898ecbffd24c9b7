"""What users may say about the Pods of a runner beside what its functions need."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from xkit_operator.api.model import LIST_MAP, Model, cel, unique_names
from xkit_operator.api.names import NULLS_ARE_ABSENT, JsonObject, ObjectName

_OURS_RULE = "keys of xkit.dev and app.kubernetes.io are the operator's own"
_OURS = ("xkit.dev/", "app.kubernetes.io/")

Objects = Annotated[
    tuple[JsonObject, ...], Field(max_length=50, json_schema_extra={"x-kubernetes-list-type": "atomic"})
]


def _not_ours(texts: dict[str, str]) -> dict[str, str]:
    if any(key.startswith(_OURS) for key in texts):
        raise PydanticCustomError("ours", _OURS_RULE)
    return texts


Texts = Annotated[
    dict[str, Annotated[str, Field(max_length=65536)]],
    Field(
        max_length=100,
        json_schema_extra=cel(
            ("self.all(key, !key.startsWith('xkit.dev/') && !key.startsWith('app.kubernetes.io/'))", _OURS_RULE)
        ),
    ),
    NULLS_ARE_ABSENT,
    AfterValidator(_not_ours),
]


class DispatcherResources(Model):
    """Resources of the dispatcher."""

    requests: JsonObject | None = None
    """What is set aside for it, such as {cpu: 50m, memory: 96Mi}."""
    limits: JsonObject | None = None
    """What it may use, such as {memory: 1Gi}."""


class FunctionResources(Model):
    """Resources of the function container; spec.limits says what it may use."""

    requests: JsonObject | None = None
    """What is set aside for it, such as {cpu: 100m, memory: 128Mi}."""


class Resources(Model):
    """Resources of the two containers, over the operator's own values."""

    dispatcher: DispatcherResources | None = None
    """The container that faces the network."""
    function: FunctionResources | None = None
    """The container that runs the functions."""


class PullSecret(Model):
    """A Secret with the login of a registry, in the same namespace."""

    name: ObjectName
    """Name of the Secret."""


class PodOverrides(Model):
    """Where and how the Pods run."""

    resources: Resources | None = None
    """Resources of the containers, over the operator's own values."""
    node_selector: (
        Annotated[dict[str, Annotated[str, Field(max_length=63)]], Field(max_length=50), NULLS_ARE_ABSENT] | None
    ) = None
    """Labels that a node must have."""
    tolerations: Objects = ()
    """Taints of nodes that the Pods tolerate, as in a Pod."""
    affinity: JsonObject | None = None
    """Which nodes and neighbours the Pods prefer or need, as in a Pod."""
    topology_spread_constraints: Objects = ()
    """How the Pods spread over zones and nodes, as in a Pod."""
    annotations: Texts | None = None
    """Further annotations of the Pods."""
    labels: Texts | None = None
    """Further labels of the Pods."""
    image_pull_secrets: Annotated[
        tuple[PullSecret, ...], Field(max_length=20, json_schema_extra=LIST_MAP), AfterValidator(unique_names)
    ] = ()
    """Secrets that the nodes pull the images with."""
    priority_class_name: ObjectName | None = None
    """PriorityClass of the Pods."""
    runtime_class_name: ObjectName | None = None
    """RuntimeClass of the Pods."""
    service_account_name: ObjectName | None = None
    """A ServiceAccount of the same namespace, instead of one made for this Destination. No token of it is mounted."""
