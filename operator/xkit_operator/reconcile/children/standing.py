"""What stands from an earlier pass, when this one could not be taken to its end: the last good version.

It is only read, but for its number of Pods: a spec that is broken elsewhere must not keep anybody from scaling.
"""

from pydantic import ValidationError

from xkit_operator.api.destination import Destination
from xkit_operator.api.runner import CONFIGURATION_KEY, RunnerConfiguration
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.owner import is_owned
from xkit_operator.objects.deployment import configuration_name
from xkit_operator.objects.pod import DISPATCHER
from xkit_operator.reconcile.children.scaling import scale
from xkit_operator.reconcile.key import Key


async def standing_deployment(cluster: Cluster, key: Key, *, uid: str) -> Object | None:
    """The Deployment of the Destination with `uid`; None when there is none, or when it is somebody else's."""
    found = await cluster.find("Deployment", namespace=key.namespace, name=key.name)
    if found is None or not is_owned(found, uid):
        return None
    return found


def dispatcher_image(deployment: Object) -> str | None:
    """The image in front of the functions in the Pods that `deployment` makes now."""
    containers = deployment["spec"]["template"]["spec"]["containers"]
    return next((one["image"] for one in containers if one["name"] == DISPATCHER), None)


async def scale_standing(cluster: Cluster, deployment: Object, destination: Destination) -> Object:
    """Give the last good version the number of Pods that the spec asks for now."""
    return await scale(cluster, deployment, destination.spec)


async def standing_configuration(cluster: Cluster, deployment: Object) -> RunnerConfiguration | None:
    """What the Pods of `deployment` serve; None when that cannot be told."""
    name = configuration_name(deployment)
    if name is None:
        return None
    found = await cluster.find("ConfigMap", namespace=deployment["metadata"]["namespace"], name=name)
    if found is None:
        return None
    try:
        return RunnerConfiguration.from_text(found["data"][CONFIGURATION_KEY])
    except (KeyError, ValidationError):
        return None  # written by another release
