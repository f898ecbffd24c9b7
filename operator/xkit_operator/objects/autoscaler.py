"""The HorizontalPodAutoscaler of a runner: by CPU, and by whatever metrics the author adds."""

from typing import Any

from xkit_operator.api.autoscaling import Autoscaling
from xkit_operator.api.destination import Destination
from xkit_operator.objects.labels import child_metadata
from xkit_operator.objects.pod import DISPATCHER, FUNCTION

_ONE_CPU = 1000  # millicores: the dispatcher is one process with one thread of work


def autoscaler(destination: Destination, autoscaling: Autoscaling) -> dict[str, Any]:
    """The autoscaler of `destination`, named like it, for its Deployment."""
    spec: dict[str, Any] = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": destination.metadata.name},
        "minReplicas": autoscaling.min_replicas,
        "maxReplicas": autoscaling.max_replicas,
        "metrics": [*_cpu(destination, autoscaling.utilization), *autoscaling.metrics],
    }
    if autoscaling.behavior is not None:
        spec["behavior"] = autoscaling.behavior
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": child_metadata(destination, destination.metadata.name),
        "spec": spec,
    }


def _cpu(destination: Destination, percent: int | None) -> list[dict[str, Any]]:
    """An aim for each container, since either may be the one that is short of CPU.

    In millicores and not as a utilisation, which would be of the requests: those are far below what a Pod can use.
    """
    if percent is None:
        return []
    usable = {DISPATCHER: _ONE_CPU, FUNCTION: destination.spec.limits.cpu_millicores}
    return [_container_cpu(container, millicores * percent // 100) for container, millicores in usable.items()]


def _container_cpu(container: str, millicores: int) -> dict[str, Any]:
    target = {"type": "AverageValue", "averageValue": f"{millicores}m"}
    return {
        "type": "ContainerResource",
        "containerResource": {"name": "cpu", "container": container, "target": target},
    }
