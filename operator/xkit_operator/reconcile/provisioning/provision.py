"""Which image a Destination is to have, and which one its Pods run until then.

Called by the steps of a reconcile once the spec is accepted. Usually the two are the same; they differ while only the
runtime has changed: then the Destination keeps what it runs until the gate lets it go.
"""

import logging
from dataclasses import dataclass

from xkit_operator.api.conditions import ConditionType, Reason, find_condition
from xkit_operator.api.destination import Destination, DestinationStatus
from xkit_operator.errors import RegistryError
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.objects.deployment import rolled_out
from xkit_operator.reconcile.children.standing import dispatcher_image, standing_deployment
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.provisioning.deployed import DeployedImages
from xkit_operator.reconcile.provisioning.images import Images, Plan
from xkit_operator.reconcile.provisioning.rebase import UNDER_WAY, RebaseGate
from xkit_operator.reconcile.reporting.problem import Problem

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Running:
    """The two images in the Pods of a Destination."""

    function: str
    dispatcher: str


@dataclass(frozen=True, kw_only=True)
class Provision:
    """What the status is to name, and what the Pods run for now.

    `rebase` is what Built says while it is true and there is more to say. `postponed` is why it has to be tried again.
    """

    image: str
    source_hash: str
    runtime: str
    running: Running
    rebase: Problem | None = None
    postponed: RegistryError | None = None


class Provisioner:
    """Between the images, the gate, and the Pods that run. `dispatcher` is the dispatcher's image of this release."""

    def __init__(
        self, cluster: Cluster, images: Images, deployed: DeployedImages, gate: RebaseGate, *, dispatcher: str
    ) -> None:
        self._cluster = cluster
        self._images = images
        self._deployed = deployed
        self._gate = gate
        self._dispatcher = dispatcher

    async def provide(self, destination: Destination, plan: Plan) -> Provision:
        """Raises ClusterError; RegistryError and BuildFailed when there is no image to go on with."""
        plan = await self._compared(destination, plan)
        standing = await self._standing(destination, plan)
        if standing is None:
            return await self._newest(destination, plan)
        key = Key("Destination", destination.metadata.namespace, destination.metadata.name)
        if not rolled_out(standing):
            # It would prove nothing about the runtime, neither now nor afterwards.
            self._gate.withdraw(key)
            return self._kept(destination, plan, standing, self._why_it_waits(plan))
        if not self._gate.may_go(key):
            return self._kept(destination, plan, standing, self._why_it_waits(plan))
        try:
            newest = await self._newest(destination, plan)
        except RegistryError as error:
            why = Problem(Reason.REBASE_WAITING, f"{_stands_on(plan)}; {error}")
            return self._kept(destination, plan, standing, why, postponed=error)
        logger.info("Rebasing from %s onto %s", plan.outdated, plan.runtime.reference, extra={"key": str(key)})
        # The status tells of it before the Pods do: whatever happens now, the next process knows that this one is
        # under way. The reconcile that follows the status gives the Pods their image.
        return Provision(
            image=newest.image,
            source_hash=newest.source_hash,
            runtime=newest.runtime,
            running=self._running(destination, standing),
            rebase=rebasing(newest.runtime),
        )

    async def _compared(self, destination: Destination, plan: Plan) -> Plan:
        """`plan`, with what the registry says of an image that an older release deployed without naming its runtime."""
        status = destination.status
        if status.runtime is not None or status.image is None or status.source_hash == plan.source_hash:
            return plan
        base = await self._deployed.base(destination)
        return plan.compared(base, status.source_hash) if base is not None else plan

    async def _standing(self, destination: Destination, plan: Plan) -> Object | None:
        """The Deployment that a change of the runtime has to spare; None when there is none, or no reason to."""
        status, metadata = destination.status, destination.metadata
        if plan.outdated is None or status.image is None or destination.spec.replicas == 0:
            return None
        key = Key("Destination", metadata.namespace, metadata.name)
        found = await standing_deployment(self._cluster, key, uid=metadata.uid)
        if found is None or not await self._deployed.has(destination):
            return None
        # Somebody must act before this one comes up on what it has: a new runtime can only help.
        stalled = find_condition(status.conditions, ConditionType.STALLED) is not None
        return None if stalled and not rolled_out(found) else found

    async def _newest(self, destination: Destination, plan: Plan) -> Provision:
        image = await self._images.provide(destination, plan)
        return Provision(
            image=image,
            source_hash=plan.source_hash,
            runtime=plan.runtime.reference,
            running=Running(function=image, dispatcher=self._dispatcher),
        )

    def _kept(
        self,
        destination: Destination,
        plan: Plan,
        standing: Object,
        why: Problem,
        *,
        postponed: RegistryError | None = None,
    ) -> Provision:
        status = destination.status
        return Provision(
            image=str(status.image),
            source_hash=str(status.source_hash),
            runtime=str(plan.outdated),
            running=self._running(destination, standing),
            rebase=why,
            postponed=postponed,
        )

    def _running(self, destination: Destination, standing: Object) -> Running:
        # The dispatcher of this release waits too, or all Pods would be replaced at once for its sake.
        return Running(
            function=str(destination.status.image), dispatcher=dispatcher_image(standing) or self._dispatcher
        )

    def _why_it_waits(self, plan: Plan) -> Problem:
        stopped = self._gate.stopped_at
        if stopped is None:
            return Problem(Reason.REBASE_WAITING, f"{_stands_on(plan)}; waits for its turn")
        where = f"{stopped.namespace}/{stopped.name}"
        return Problem(
            Reason.REBASE_STOPPED,
            f"{_stands_on(plan)}; that has stopped at {where}, which does not come up on it: "
            "mend or delete that Destination, and the rest follows",
        )


def rebasing(runtime: str) -> Problem:
    """What Built says while the Pods on `runtime` come up."""
    return Problem(Reason.REBASING, f"the functions, as they were built, are put on {runtime}")


def rebase_goes_on(before: DestinationStatus, source_hash: str | None, trouble: Problem | None) -> Problem | None:
    """What Built says of a rebase whose Pods are not all up, if it is one; `trouble` is what somebody must mend."""
    built = find_condition(before.conditions, ConditionType.BUILT)
    if built is None or built.reason not in UNDER_WAY or before.source_hash != source_hash or before.runtime is None:
        return None
    if trouble is not None:
        return Problem(
            Reason.REBASE_FAILED, f"it does not come up on {before.runtime} ({trouble.reason}: {trouble.message})"
        )
    # A Pod that is tried once more is not up yet.
    return Problem(Reason(built.reason), built.message)


def _stands_on(plan: Plan) -> str:
    return f"its image stands on {plan.outdated}, and is to be put on {plan.runtime.reference}"
