"""The function image of a Destination: known, found in the registry, or built and pushed.

Between the spec and `image/`. Remembers which sources have been parsed and when an image was last seen in the
registry, so that a reconcile over an unchanged world asks neither Node.js nor, most of the time, the registry.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from xkit_operator.api.destination import Destination, Operation
from xkit_operator.engine.background import Background
from xkit_operator.errors import FunctionSyntaxError, Pending, RegistryError
from xkit_operator.image.function import ModuleKind, declared_kinds, function_image, source_hash, tag_of
from xkit_operator.image.manifest import Image
from xkit_operator.image.push import Pusher
from xkit_operator.image.runtime import Runtime, RuntimeCatalogue
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.provisioning.delivery import Deliveries, Order
from xkit_operator.reconcile.provisioning.deployed import DeployedImages
from xkit_operator.reconcile.provisioning.sightings import Sightings

_REMEMBERED = 1024
_PATIENCE = 2.0  # seconds that a worker waits for a push, which takes milliseconds as a rule
_SHORT_PATIENCE = 0.2  # while a runtime is being uploaded: enough for an image that needs a look and no more


@dataclass(frozen=True)
class Plan:
    """What the image of a Destination is to be made of."""

    runtime: Runtime
    functions: dict[str, str]
    declared: dict[str, ModuleKind]
    """The module kind of the functions that do not leave it to the parser."""
    source_hash: str
    outdated: str | None = None
    """The runtime that the deployed image stands on, when that alone has changed since."""

    def compared(self, base: str, deployed: str | None) -> "Plan":
        """This plan, given that the image with the source hash `deployed` stands on the runtime with digest `base`."""
        if base == self.runtime.digest or source_hash(base, self.functions, self.declared) != deployed:
            return self
        return replace(self, outdated=f"{self.runtime.name}@{base}")


class Images:
    """`pull_host` is the registry as the nodes see it; an image that was seen there is trusted for `trusted` seconds.

    `wake` takes the key of a Destination whose image is worth another look.
    """

    def __init__(
        self,
        catalogue: RuntimeCatalogue,
        pusher: Pusher,
        deployed: DeployedImages,
        checker: SyntaxChecker,
        deliveries: Deliveries,
        *,
        pull_host: str,
        trusted: float,
        wake: Callable[[Key], None],
    ) -> None:
        self._catalogue = catalogue
        self._pusher = pusher
        self._deployed = deployed
        self._checker = checker
        self._deliveries = deliveries
        self._pull_host = pull_host
        self._wake = wake
        self._background: Background[Key, str] = Background(wake)
        self._kinds: OrderedDict[str, dict[str, ModuleKind] | FunctionSyntaxError] = OrderedDict()
        self._sightings = Sightings(trusted)

    async def plan(self, destination: Destination, texts: Mapping[Operation, str]) -> Plan:
        """Check the runtime and `texts`, the source of each function.

        Raises UnknownRuntime, FunctionSyntaxError, BuildFailed.
        """
        runtime = self._catalogue.get(destination.spec.runtime)
        functions: dict[str, str] = dict(texts.items())
        declared = declared_kinds(destination.spec.functions.module_types())
        plan = Plan(runtime, functions, declared, source_hash(runtime.digest, functions, declared))
        status = destination.status
        name, _, base = (status.runtime or "").partition("@")
        if name == runtime.name:
            plan = plan.compared(base, status.source_hash)
        # An image of these functions exists, so they have been parsed, perhaps by the process before this one.
        if plan.outdated is None and status.source_hash != plan.source_hash:
            await self._module_kinds(plan)
        return plan

    async def provide(self, destination: Destination, plan: Plan) -> str:
        """The reference to pull the image of `plan` by; it is in the registry then.

        Raises RegistryError: Pending when bringing it there takes longer than a worker should wait.
        """
        known = destination.status.image if destination.status.source_hash == plan.source_hash else None
        if known is not None and self._sightings.lately(known):
            return known
        key = Key("Destination", destination.metadata.namespace, destination.metadata.name)
        patience = _SHORT_PATIENCE if self._pusher.uploading(plan.runtime) else _PATIENCE
        deliver = partial(self._deliver, destination, plan, known)
        try:
            image = await self._background.result(key, plan.source_hash, deliver, patience=patience)
        except TimeoutError:
            if known is None:
                raise Pending(str(self._pusher.uploading(plan.runtime) or "the image is being pushed")) from None
            return known
        except RegistryError:
            if known is None:
                raise
            # What is deployed goes on without the registry; the next look after the trusted time asks again.
            image = known
        self._sightings.remember(image)
        return image

    def doubt(self, key: Key, image: str) -> None:
        """The Pods of a Destination cannot pull `image`: have each part of it looked for, unless that was just done."""
        if self._sightings.doubt(image):
            self._wake(key)

    def delivering(self, key: Key) -> bool:
        """Whether an image of the Destination is on its way to the registry, be it that of an earlier spec."""
        return self._background.busy(key)

    async def _deliver(self, destination: Destination, plan: Plan, known: str | None) -> str:
        metadata = destination.metadata
        repository = self._pusher.repository(namespace=metadata.namespace, name=metadata.name)
        order = Order(
            destination=destination,
            runtime=plan.runtime,
            repository=repository,
            tag=tag_of(plan.source_hash),
            known=known.rpartition("@")[2] if known is not None else None,
            doubted=known is not None and self._sightings.settle(known),
            build=partial(self._build, destination, plan),
        )
        return f"{self._pull_host}/{repository}@{await self._deliveries.deliver(order)}"

    async def _build(self, destination: Destination, plan: Plan) -> Image:
        return await self._rebased(destination, plan) or await self._made(destination, plan)

    async def _rebased(self, destination: Destination, plan: Plan) -> Image | None:
        """The deployed image on the new runtime, if nothing else has changed and it is still there."""
        if plan.outdated is None:
            return None
        return await self._deployed.rebased(destination, plan.runtime, source=plan.source_hash)

    async def _made(self, destination: Destination, plan: Plan) -> Image:
        kinds = await self._module_kinds(plan)
        labels = {
            "org.opencontainers.image.title": destination.metadata.name,
            "dev.xkit.namespace": destination.metadata.namespace,
            "dev.xkit.name": destination.metadata.name,
        }
        return function_image(plan.runtime, plan.functions, kinds, labels=labels, declared=plan.declared)

    async def _module_kinds(self, plan: Plan) -> dict[str, ModuleKind]:
        """What the runtime's parser says of the functions. Its verdict on the same text never changes: kept."""
        found = self._kinds.get(plan.source_hash)
        if found is None:
            found = await self._parse(plan)
            self._kinds[plan.source_hash] = found
            if len(self._kinds) > _REMEMBERED:
                self._kinds.popitem(last=False)
        if isinstance(found, FunctionSyntaxError):
            raise found
        return found

    async def _parse(self, plan: Plan) -> dict[str, ModuleKind] | FunctionSyntaxError:
        runtime = plan.runtime
        try:
            return await self._checker.check(plan.functions, runtime.node, runtime.check_script, declared=plan.declared)
        except FunctionSyntaxError as error:
            return error
