"""Who has the say about the number of Pods, by the spec."""

from xkit_operator.api.destination import DestinationSpec
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.scale import ensure_replicas, leave_to_autoscaler


async def scale(cluster: Cluster, deployment: Object, spec: DestinationSpec) -> Object:
    """Give `deployment`, as read, the number of Pods that `spec` asks for, or leave it to an autoscaler."""
    if spec.autoscaling is None:
        scaled = await ensure_replicas(cluster, deployment, spec.replicas)
    else:
        least = spec.autoscaling.min_replicas
        scaled = await leave_to_autoscaler(cluster, deployment, unheeded=spec.replicas, least=least)
    cluster.versions.saw("Deployment", scaled)
    return scaled
