from typing import Any

import pytest

from tests.unit.objects.conftest import make_destination
from xkit_operator.objects.autoscaler import autoscaler

OWN = {"type": "Pods", "pods": {"metric": {"name": "queue"}, "target": {"type": "AverageValue", "averageValue": "5"}}}


def spec(autoscaling: dict[str, Any], **more: Any) -> dict[str, Any]:
    destination = make_destination(autoscaling={"maxReplicas": 10} | autoscaling, **more)
    assert destination.spec.autoscaling is not None
    made: dict[str, Any] = autoscaler(destination, destination.spec.autoscaling)["spec"]
    return made


def aims(made: dict[str, Any]) -> dict[str, str]:
    return {
        one["containerResource"]["container"]: one["containerResource"]["target"]["averageValue"]
        for one in made["metrics"]
        if one["type"] == "ContainerResource"
    }


@pytest.mark.parametrize(
    ("autoscaling", "limits", "expected"),
    [
        ({}, {}, {"dispatcher": "700m", "function": "700m"}),
        ({"targetCPUUtilizationPercentage": 50}, {"cpu": "2"}, {"dispatcher": "500m", "function": "1000m"}),
        ({"targetCPUUtilizationPercentage": 1}, {"cpu": "100m"}, {"dispatcher": "10m", "function": "1m"}),
        ({"metrics": [OWN]}, {}, {}),
        ({"metrics": [OWN], "targetCPUUtilizationPercentage": 80}, {}, {"dispatcher": "800m", "function": "800m"}),
    ],
)
def test_the_aim_is_a_share_of_what_each_container_can_use(
    autoscaling: dict[str, Any], limits: dict[str, str], expected: dict[str, str]
) -> None:
    assert aims(spec(autoscaling, limits=limits)) == expected


def test_metrics_and_behavior_of_the_author_are_passed_on() -> None:
    behavior = {"scaleDown": {"stabilizationWindowSeconds": 0}}
    made = spec({"metrics": [OWN], "behavior": behavior})
    assert (made["metrics"], made["behavior"]) == ([OWN], behavior)
    assert "behavior" not in spec({})


def test_it_scales_the_deployment_between_the_bounds() -> None:
    made = spec({"minReplicas": 2})
    assert (made["minReplicas"], made["maxReplicas"]) == (2, 10)
    assert made["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "crm"}
