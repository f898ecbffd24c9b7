"""Everything that a namespace holds of one Destination, without what differs from one good run to another."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.chaos.api_server import ApiServer

Snapshot = dict[str, Any]
"""Objects by KIND/NAME; Pods, whose names are drawn, by their number."""

CHILDREN = {
    "deployments": "/apis/apps/v1",
    "services": "/api/v1",
    "serviceaccounts": "/api/v1",
    "configmaps": "/api/v1",
    "pods": "/api/v1",
    "horizontalpodautoscalers": "/apis/autoscaling/v2",
    "poddisruptionbudgets": "/apis/policy/v1",
    "networkpolicies": "/apis/networking.k8s.io/v1",
}
"""What the operator makes of a Destination, and where it is served."""
_OURS = "/apis/xkit.dev/v1alpha1"
_METADATA = ("name", "namespace", "labels", "annotations", "ownerReferences", "finalizers", "deletionTimestamp")
# Hashes that a name, a namespace or a uid goes into, how the object came about, and where it happens to run.
_DROPPED = frozenset(
    {"xkit.dev/applied-hash", "xkit.dev/revision", "xkit.dev/autoscaled-replicas", "deployment.kubernetes.io/revision"}
    | {"pod-template-hash", "clusterIP", "clusterIPs", "nodeName", "lastTransitionTime", "imageHistory"}
)
_CONFIGURATION = re.compile(r"(NAME-)[0-9a-f]{10}\b")


def snapshot(api: ApiServer, namespace: str, name: str) -> Snapshot:
    """What there is of the Destination `name`; two snapshots are equal when both worlds are as they should be."""
    found: Snapshot = {}
    own = api.get(f"{_OURS}/namespaces/{namespace}/destinations/{name}")
    if own:
        found["destinations/NAME"] = _metadata(own) | {"spec": own["spec"], "status": _status(own)}
    for one in api.get(f"{_OURS}/namespaces/{namespace}/sourcemappings").get("items", ()):
        if one["spec"]["destinationRef"]["name"] == name:
            key = f"sourcemappings/{one['metadata']['name']}"
            found[key] = _metadata(one) | {"spec": one["spec"], "status": _status(one)}
    for kind, group in CHILDREN.items():
        listed = api.get(f"{group}/namespaces/{namespace}/{kind}?labelSelector=xkit.dev/destination={name}")["items"]
        for number, one in enumerate(listed):
            key = f"{kind}/{number if kind == 'pods' else one['metadata']['name']}"
            found[key] = _metadata(one) | _content(kind, one)
    return _anonymous(found, {namespace: "NAMESPACE", name: "NAME", **_identities(own)})


def differences(found: Snapshot, expected: Snapshot) -> list[str]:
    """What is missing, what is too much, and which fields have other values."""
    lines = [f"{key} is missing" for key in sorted(expected.keys() - found.keys())]
    lines += [f"{key} is an orphan" for key in orphans(found, expected)]
    for key in sorted(found.keys() & expected.keys()):
        lines += [f"{key}{line}" for line in _unequal(found[key], expected[key])]
    return lines


def orphans(found: Snapshot, expected: Snapshot) -> list[str]:
    """What should not be there."""
    return sorted(found.keys() - expected.keys())


def _unequal(found: Any, expected: Any, path: str = "") -> list[str]:
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = sorted(found.keys() | expected.keys())
        return [line for key in keys for line in _unequal(found.get(key), expected.get(key), f"{path}.{key}")]
    return [] if found == expected else [f"{path}: {found!r}, expected {expected!r}"]


def _metadata(obj: Mapping[str, Any]) -> dict[str, Any]:
    return {"metadata": {key: value for key, value in obj["metadata"].items() if key in _METADATA and key != "name"}}


def _content(kind: str, obj: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "pods":
        ready = {one["type"]: one["status"] for one in obj["status"].get("conditions", ())}.get("Ready")
        return {
            "metadata": {"labels": obj["metadata"]["labels"]},
            "containers": sorted((one["name"], one["image"]) for one in obj["spec"]["containers"]),
            "ready": ready,
            "leaving": "deletionTimestamp" in obj["metadata"],
        }
    content = {key: value for key, value in obj.items() if key in ("spec", "data", "immutable")}
    if kind == "deployments":
        counts = ("replicas", "updatedReplicas", "availableReplicas", "readyReplicas")
        content["counts"] = {key: obj["status"].get(key, 0) for key in counts}
    return content


def _status(obj: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions by their type; generations only as far as they are the current one.

    Without Stalled of a SourceMapping: its Destination counts as about to come for two minutes, which pass in a long
    sweep.
    """
    status = dict(obj.get("status", {}))
    generation = obj["metadata"]["generation"]
    conditions = [
        dict(one) | {"observedGeneration": one["observedGeneration"] == generation}
        for one in status.get("conditions", ())
        if (obj["kind"], one["type"]) != ("SourceMapping", "Stalled")
    ]
    return status | {
        "conditions": {one["type"]: one for one in conditions},
        "observedGeneration": status.get("observedGeneration") == generation,
    }


def _identities(own: Mapping[str, Any]) -> dict[str, str]:
    """What names this very object, and the image that it says is its own."""
    if not own:
        return {}
    image = own.get("status", {}).get("image", "")
    named = {own["metadata"]["uid"]: "UID", own.get("status", {}).get("sourceHash"): "SOURCE"}
    named[image.rpartition("@")[2]] = "DIGEST"
    return {text: word for text, word in named.items() if text}


def _anonymous(found: Snapshot, names: Mapping[str, str]) -> Snapshot:
    text = json.dumps(found)
    for own in sorted(names, key=len, reverse=True):
        text = text.replace(own, names[own])
    kept: Snapshot = _without_dropped(json.loads(_CONFIGURATION.sub(r"\1HASH", text)))
    return kept


def _without_dropped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_dropped(one) for key, one in value.items() if key not in _DROPPED}
    return [_without_dropped(one) for one in value] if isinstance(value, list) else value
