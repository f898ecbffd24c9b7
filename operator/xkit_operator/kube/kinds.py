"""The kinds of objects that the operator reads or writes, and where the API server keeps them.

A table instead of discovery: a discovery cache once returned a kind whose CRD was gone, and each look-up of an absent
kind costs requests. A kind belongs here when some other module names it.
"""

from xkit_operator.api.group import API_VERSION

_API_VERSION_AND_PLURAL = {
    "ConfigMap": ("v1", "configmaps"),
    "Pod": ("v1", "pods"),
    "Service": ("v1", "services"),
    "ServiceAccount": ("v1", "serviceaccounts"),
    "Deployment": ("apps/v1", "deployments"),
    "ReplicaSet": ("apps/v1", "replicasets"),
    "HorizontalPodAutoscaler": ("autoscaling/v2", "horizontalpodautoscalers"),
    "NetworkPolicy": ("networking.k8s.io/v1", "networkpolicies"),
    "PodDisruptionBudget": ("policy/v1", "poddisruptionbudgets"),
    "Lease": ("coordination.k8s.io/v1", "leases"),
    "Event": ("events.k8s.io/v1", "events"),
    "CoreEvent": ("v1", "events"),  # the same objects as others write and read them
    "Destination": (API_VERSION, "destinations"),
    "SourceMapping": (API_VERSION, "sourcemappings"),
}


def api_version(kind: str) -> str:
    """The `apiVersion` that objects of `kind` are written with."""
    return _API_VERSION_AND_PLURAL[kind][0]


def path(kind: str, *, namespace: str | None = None, name: str | None = None, subresource: str | None = None) -> str:
    """The URL path of a collection, an object or its subresource; without `namespace` that of all namespaces."""
    version, plural = _API_VERSION_AND_PLURAL[kind]
    parts = ["apis" if "/" in version else "api", version]
    if namespace is not None:
        parts += ["namespaces", namespace]
    parts += [plural, *(part for part in (name, subresource) if part is not None)]
    return "/" + "/".join(parts)
