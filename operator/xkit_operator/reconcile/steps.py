"""The steps from the spec of a Destination to its children: accept, build, apply.

`destination.py` calls it and reports what came of it. The first step that fails ends the pass: what was deployed
before is left as it is and goes on serving.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xkit_operator.api.conditions import Reason
from xkit_operator.api.destination import Destination
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.errors import (
    ApiConflict,
    ApiUnreachable,
    BuildFailed,
    ClusterError,
    RegistryError,
    SpecError,
    XkitError,
)
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.objects.deployment import rolled_out
from xkit_operator.reconcile.children.apply import apply_children
from xkit_operator.reconcile.children.configurations import Configurations
from xkit_operator.reconcile.children.optional import OptionalChildren
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.selection import Verdict, select
from xkit_operator.reconcile.provisioning.images import Images, Plan
from xkit_operator.reconcile.provisioning.provision import Provision, Provisioner, Running
from xkit_operator.reconcile.references.resolve import References
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.sourcemapping import Serving


@dataclass(frozen=True, kw_only=True)
class Pass:
    """How far a pass came. At most one of the three errors is set; what a step would have given is None or empty."""

    destination: Destination | None = None
    verdicts: Sequence[Verdict] = ()
    not_accepted: XkitError | None = None
    not_built: XkitError | None = None
    not_applied: XkitError | None = None
    provision: Provision | None = None
    deployment: Object | None = None
    rewritten: bool = False
    configuration: RunnerConfiguration | None = None

    @property
    def paused(self) -> bool:
        """Whether no step was taken because the spec says so."""
        return self.destination is not None and self.destination.spec.paused

    @property
    def error(self) -> XkitError | None:
        """What ended the pass before its end."""
        return self.not_accepted or self.not_built or self.not_applied

    @property
    def serving(self) -> Serving | None:
        """What the runner serves, if there is one."""
        if self.deployment is None or self.configuration is None:
            return None
        return Serving(configuration=self.configuration, everywhere=rolled_out(self.deployment))

    @property
    def wait(self) -> Problem:
        """What a SourceMapping waits for that is accepted and that the runner does not have yet."""
        if self.paused:
            return Problem(
                Reason.PAUSED, "its Destination is paused: nothing is changed until spec.paused there is false"
            )
        return Problem(Reason.PENDING, "waits for the Pods of its Destination to run with it")


class Steps:
    """Takes a Destination as far as its spec, the registry and the API server let it."""

    def __init__(self, cluster: Cluster, references: References, images: Images, provisioner: Provisioner) -> None:
        self._cluster = cluster
        self._references = references
        self._images = images
        self._provisioner = provisioner
        self._configurations = Configurations(cluster)
        self._optional = OptionalChildren(cluster)

    async def provide(self, obj: Object) -> Pass:
        """Accept `obj` and have its image in the registry. Raises ClusterError for what says nothing about it."""
        try:
            destination = Destination.parse(obj)
        except SpecError as error:
            return Pass(not_accepted=error)
        done = Pass(destination=destination)
        if destination.spec.paused:
            return done
        try:
            plan = await self._accept(destination)
        except (SpecError, BuildFailed) as error:
            return replace(done, not_accepted=error)
        try:
            provision = await self._provisioner.provide(destination, plan)
        except (RegistryError, BuildFailed) as error:
            return replace(done, not_built=error)
        except SpecError as error:
            return replace(done, not_accepted=error)
        return replace(done, provision=provision)

    async def apply(self, done: Pass, mappings: Sequence[SourceMapping]) -> Pass:
        """Judge `mappings`, and make the children what they and the Destination say, if all went well so far.

        Raises ClusterError for what says nothing about them.
        """
        destination = done.destination
        if destination is None:
            return done
        done = replace(done, verdicts=select(destination.spec, mappings))
        if done.provision is None:
            return done
        return await self._apply(done, destination, done.provision.running)

    def forget(self, key: Key) -> None:
        """The Destination is gone."""
        self._configurations.forget(namespace=key.namespace, name=key.name)

    async def _accept(self, destination: Destination) -> Plan:
        return await self._images.plan(destination, await self._references.resolve(destination))

    async def _apply(self, done: Pass, destination: Destination, running: Running) -> Pass:
        serving = [verdict.mapping for verdict in done.verdicts if verdict.problem is None]
        try:
            children = await apply_children(
                self._cluster,
                destination,
                serving,
                self._configurations,
                self._optional,
                image=running.function,
                dispatcher_image=running.dispatcher,
            )
        except (ApiConflict, ApiUnreachable):
            raise
        except (SpecError, ClusterError) as error:
            return replace(done, not_applied=error)
        return replace(
            done,
            deployment=children.deployment,
            rewritten=children.rewritten,
            configuration=children.configuration,
        )
