"""Names and labels of the children: how they are found, and whose they are.

Labels and annotations of the Destination are never copied to them: GitOps tools recognise their own objects by those,
and would delete ours as surplus.
"""

from typing import Any

from xkit_operator.api.destination import Destination
from xkit_operator.api.group import API_VERSION

MANAGED_BY = "app.kubernetes.io/managed-by"
OPERATOR = "xkit-operator"
DESTINATION = "xkit.dev/destination"

CHILD_SELECTOR = f"{MANAGED_BY}={OPERATOR}"
"""Matches every child of every Destination."""

RELOAD_LABEL = {"xkit.dev/reload": "true"}
"""Says of a ConfigMap that each change of it is to be looked at: of one that a Destination refers to, and of ours.

One label for both, since a watch has one selector, and selectors know no "or" between labels.
"""

RELOAD_SELECTOR = ",".join(f"{name}={value}" for name, value in RELOAD_LABEL.items())
"""Matches every ConfigMap that has it."""


def pod_labels(name: str) -> dict[str, str]:
    """What a Service and a Deployment select the Pods of a Destination by; it can never change."""
    return {DESTINATION: name}


def pod_selector(name: str) -> str:
    """The same as the text of a selector."""
    return f"{DESTINATION}={name}"


def child_labels(name: str) -> dict[str, str]:
    """The labels of every child of the Destination `name`, and of its Pods."""
    return {
        "app.kubernetes.io/name": "xkit-runner",
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/component": "runner",
        "app.kubernetes.io/part-of": "xkit",
        MANAGED_BY: OPERATOR,
        **pod_labels(name),
    }


def child_metadata(destination: Destination, name: str) -> dict[str, Any]:
    """The metadata of a child: the garbage collector removes it with its Destination."""
    owner = destination.metadata
    return {
        "name": name,
        "namespace": owner.namespace,
        "labels": child_labels(owner.name),
        "ownerReferences": [
            {
                "apiVersion": API_VERSION,
                "kind": "Destination",
                "name": owner.name,
                "uid": owner.uid,
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ],
    }
