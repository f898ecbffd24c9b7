"""How many Pods a Destination has, where and how they run, and whom they talk to."""

from collections.abc import Callable
from typing import Any

from tests.vectors.api_rules.rule import DESTINATION, rules

_LISTS: list[tuple[str, int, Callable[[list[Any]], dict[str, Any]]]] = [
    ("autoscaling.metrics", 20, lambda some: {"spec.autoscaling": {"maxReplicas": 3, "metrics": some}}),
    ("network.ingress", 100, lambda some: {"spec.network": {"ingress": some}}),
    ("network.egress", 100, lambda some: {"spec.network": {"egress": some}}),
    ("pod.tolerations", 50, lambda some: {"spec.pod": {"tolerations": some}}),
    ("pod.topologySpreadConstraints", 50, lambda some: {"spec.pod": {"topologySpreadConstraints": some}}),
]
_MAPS = [("nodeSelector", 50, 63), ("annotations", 100, 65_536), ("labels", 100, 65_536)]
"""Maps of texts in spec.pod: how many texts they may have, and how long each."""


def _texts(count: int) -> dict[str, str]:
    return {f"key{number}": "x" for number in range(count)}


def _secrets(count: int) -> list[dict[str, str]]:
    return [{"name": f"secret{number}"} for number in range(count)]


POD_RULES = rules(
    DESTINATION,
    (
        "autoscaling has an upper bound",
        {"spec.autoscaling": {"maxReplicas": 1}},
        {"spec.autoscaling": {"minReplicas": 1}},
        "spec.autoscaling.maxReplicas: Required value",
    ),
    (
        "autoscaling has bounds in their order",
        {"spec.autoscaling": {"minReplicas": 3, "maxReplicas": 3}},
        {"spec.autoscaling": {"minReplicas": 4, "maxReplicas": 3}},
        "minReplicas must not exceed maxReplicas",
    ),
    (
        "autoscaling goes down to one",
        {"spec.autoscaling": {"minReplicas": 1, "maxReplicas": 3}},
        {"spec.autoscaling": {"minReplicas": 0, "maxReplicas": 3}},
        "spec.autoscaling.minReplicas",
    ),
    (
        "autoscaling goes up to 1000",
        {"spec.autoscaling": {"maxReplicas": 1000}},
        {"spec.autoscaling": {"maxReplicas": 1001}},
        "spec.autoscaling.maxReplicas",
    ),
    (
        "the aim for the CPU is a percentage",
        {"spec.autoscaling": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 100}},
        {"spec.autoscaling": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 101}},
        "spec.autoscaling.targetCPUUtilizationPercentage",
    ),
    (
        "metrics and behavior are passed on as they are",
        {"spec.autoscaling": {"maxReplicas": 3, "metrics": [{"type": "Pods"}], "behavior": {"scaleUp": {}}}},
        {"spec.autoscaling": {"maxReplicas": 3, "metrics": ["Pods"]}},
        "spec.autoscaling.metrics[0]",
    ),
    (
        "rules of the network are passed on as they are",
        {"spec.network": {"ingress": [{"from": [{"podSelector": {}}]}], "egress": []}},
        {"spec.network": {"ingress": {"from": []}}},
        "spec.network.ingress",
    ),
    (
        "labels of Pods are texts",
        {"spec.pod": {"labels": {"team": "sync", "example.com/xkit.dev": "x"}}},
        {"spec.pod": {"labels": {"team": 1}}},
        "spec.pod.labels.team",
    ),
    (
        "labels of Pods are not the operator's own",
        {"spec.pod": {"labels": {"dev.xkit/destination": "x"}}},
        {"spec.pod": {"labels": {"xkit.dev/destination": "x"}}},
        "the operator's own",
    ),
    (
        "annotations of Pods are not the operator's own",
        {"spec.pod": {"annotations": {"example.com/scrape": "true"}}},
        {"spec.pod": {"annotations": {"app.kubernetes.io/name": "x"}}},
        "the operator's own",
    ),
    (
        "resources are those of the two containers",
        {"spec.pod": {"resources": {"dispatcher": {"limits": {"memory": "1Gi"}}}}},
        {"spec.pod": {"resources": {"sidecar": {}}}},
        'unknown field "spec.pod.resources.sidecar"',
    ),
    (
        "limits of the functions are said in one place",
        {"spec.pod": {"resources": {"function": {"requests": {"cpu": "100m"}}}}},
        {"spec.pod": {"resources": {"function": {"limits": {"cpu": "1"}}}}},
        'unknown field "spec.pod.resources.function.limits"',
    ),
    (
        "pull secrets are named once",
        {"spec.pod": {"imagePullSecrets": [{"name": "a"}, {"name": "b"}]}},
        {"spec.pod": {"imagePullSecrets": [{"name": "a"}, {"name": "a"}]}},
        "Duplicate value",
    ),
    (
        "where Pods run is said as in a Pod",
        {"spec.pod": {"nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}], "affinity": {}}},
        {"spec.pod": {"tolerations": {"operator": "Exists"}}},
        "spec.pod.tolerations",
    ),
    (
        "classes have names that objects can have",
        {"spec.pod": {"priorityClassName": "high", "runtimeClassName": "gvisor", "serviceAccountName": "crm"}},
        {"spec.pod": {"priorityClassName": "High"}},
        "spec.pod.priorityClassName",
    ),
    (
        "autoscaling goes up from one",
        {"spec.autoscaling": {"maxReplicas": 1}},
        {"spec.autoscaling": {"maxReplicas": 0}},
        "spec.autoscaling.maxReplicas",
    ),
    (
        "autoscaling starts at 1000 or below",
        {"spec.autoscaling": {"minReplicas": 1000, "maxReplicas": 1000}},
        {"spec.autoscaling": {"minReplicas": 1001, "maxReplicas": 1000}},
        "spec.autoscaling.minReplicas",
    ),
    (
        "the aim for the CPU is more than nothing",
        {"spec.autoscaling": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 1}},
        {"spec.autoscaling": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 0}},
        "spec.autoscaling.targetCPUUtilizationPercentage",
    ),
    *(
        (
            f"{place} has at most {most} elements",
            make([{}] * most),
            make([{}] * (most + 1)),
            f"must have at most {most} items",
        )
        for place, most, make in _LISTS
    ),
    (
        "pod.imagePullSecrets has at most 20 elements",
        {"spec.pod": {"imagePullSecrets": _secrets(20)}},
        {"spec.pod": {"imagePullSecrets": _secrets(21)}},
        "must have at most 20 items",
    ),
    (
        "a pull secret has a name",
        {"spec.pod": {"imagePullSecrets": []}},
        {"spec.pod": {"imagePullSecrets": [{}]}},
        "spec.pod.imagePullSecrets[0].name: Required value",
    ),
    *(
        (
            f"pod.{place} has at most {most} keys",
            {"spec.pod": {place: _texts(most)}},
            {"spec.pod": {place: _texts(most + 1)}},
            f"spec.pod.{place}",
        )
        for place, most, _ in _MAPS
    ),
    *(
        (
            f"a text in pod.{place} has at most {longest} characters",
            {"spec.pod": {place: {"key": "x" * longest}}},
            {"spec.pod": {place: {"key": "x" * (longest + 1)}}},
            f"spec.pod.{place}",
        )
        for place, _, longest in _MAPS
    ),
    *(
        (
            f"a null in pod.{place} is no text",
            {"spec.pod": {place: {"key": None}}},
            {"spec.pod": {place: {"key": 1}}},
            f"spec.pod.{place}",
        )
        for place, _, _ in _MAPS
    ),
)
