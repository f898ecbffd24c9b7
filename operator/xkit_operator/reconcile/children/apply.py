"""The children of a Destination: made so, in an order in which the first refusal leaves what serves untouched."""

from collections.abc import Iterable
from dataclasses import dataclass

from xkit_operator.api.destination import Destination
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.engine.together import together
from xkit_operator.kube.apply import ensure, keep
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.objects.configmap import configuration_map, runner_configuration
from xkit_operator.objects.deployment import deployment, rolled_out
from xkit_operator.objects.pod import pod_template
from xkit_operator.objects.service import service
from xkit_operator.objects.serviceaccount import service_account
from xkit_operator.reconcile.children.configurations import Configurations
from xkit_operator.reconcile.children.optional import OptionalChildren
from xkit_operator.reconcile.children.scaling import scale


@dataclass(frozen=True, kw_only=True)
class Children:
    """What a runner looks like once it is applied; `rewritten`: its Deployment had to be changed for that."""

    deployment: Object
    rewritten: bool
    configuration: RunnerConfiguration


async def apply_children(
    cluster: Cluster,
    destination: Destination,
    mappings: Iterable[SourceMapping],
    configurations: Configurations,
    optional: OptionalChildren,
    *,
    image: str,
    dispatcher_image: str,
) -> Children:
    """Make the children of `destination`, serving `mappings`, what they should be.

    Raises Conflict before the Deployment is touched; ClusterError, InvalidPodSpec.
    """
    configuration = runner_configuration(destination, mappings)
    config_map = configuration_map(destination, configuration)
    name = config_map["metadata"]["name"]
    template = pod_template(destination, image=image, dispatcher_image=dispatcher_image, configuration=name)
    wanted = [keep(cluster, service(destination)), configurations.make(destination, config_map)]
    if template["spec"]["serviceAccountName"] == destination.metadata.name:
        wanted.insert(0, keep(cluster, service_account(destination)))  # of several conflicts the first is told
    await together(*wanted)
    ensured = await ensure(cluster, deployment(destination, template))
    live = await scale(cluster, ensured.obj, destination.spec)
    await optional.settle(destination)
    if rolled_out(live):
        await configurations.tidy(destination, but=name)
    return Children(deployment=live, rewritten=ensured.written, configuration=configuration)
