"""The function image of a Destination: known, found in the registry, or built and pushed.

Between the spec and `image/`. Remembers which sources have been parsed and when an image was last seen in the
registry, so that a reconcile over an unchanged world asks neither Node.js nor, most of the time, the registry.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xkit_operator.api.destination import Destination, ModuleType
from xkit_operator.errors import FunctionSyntaxError, RegistryError
from xkit_operator.image.function import ModuleKind, function_image, source_hash, tag_of
from xkit_operator.image.push import Pusher
from xkit_operator.image.runtime import Runtime, RuntimeCatalogue
from xkit_operator.image.syntax import SyntaxChecker

_REMEMBERED = 1024
_TRUSTED_SECONDS = 60.0
_KINDS: Mapping[ModuleType, ModuleKind] = {"CommonJS": "commonjs", "ESModule": "module"}

Built = Callable[[str, float], None]


@dataclass(frozen=True)
class Plan:
    """What the image of a Destination is to be made of."""

    runtime: Runtime
    functions: dict[str, str]
    declared: dict[str, ModuleKind]
    """The module kind of the functions that do not leave it to the parser."""
    source_hash: str


class Images:
    """`built` is told the outcome and the seconds of every build. `pull_host` is the registry as the nodes see it."""

    def __init__(
        self, catalogue: RuntimeCatalogue, pusher: Pusher, checker: SyntaxChecker, *, pull_host: str, built: Built
    ) -> None:
        self._catalogue = catalogue
        self._pusher = pusher
        self._checker = checker
        self._pull_host = pull_host
        self._built = built
        self._kinds: OrderedDict[str, dict[str, ModuleKind] | FunctionSyntaxError] = OrderedDict()
        self._seen: OrderedDict[str, float] = OrderedDict()

    async def plan(self, destination: Destination) -> Plan:
        """Check runtime and functions. Raises UnknownRuntime, FunctionSyntaxError, BuildFailed."""
        runtime = self._catalogue.get(destination.spec.runtime)
        functions: dict[str, str] = dict(destination.spec.functions.sources().items())
        types = destination.spec.functions.module_types()
        declared: dict[str, ModuleKind] = {operation: _KINDS[one] for operation, one in types.items() if one != "Auto"}
        plan = Plan(runtime, functions, declared, source_hash(runtime.digest, functions, declared))
        # An image with this hash exists, so its functions have been parsed, perhaps by the process before this one.
        if destination.status.source_hash != plan.source_hash:
            await self._module_kinds(plan)
        return plan

    async def provide(self, destination: Destination, plan: Plan) -> str:
        """The reference to pull the image of `plan` by; it is in the registry then. Raises RegistryError."""
        metadata = destination.metadata
        repository = self._pusher.repository(namespace=metadata.namespace, name=metadata.name)
        known = destination.status.image if destination.status.source_hash == plan.source_hash else None
        if known is not None and self._seen_lately(known):
            return known
        try:
            digest = await self._pusher.find(repository, tag_of(plan.source_hash))
            if digest is None:
                digest = await self._build(destination, plan, repository)
        except RegistryError:
            if known is None:
                raise
            # What is deployed goes on without the registry; the next look after the trusted time asks again.
            self._remember_seen(known)
            return known
        image = f"{self._pull_host}/{repository}@{digest}"
        self._remember_seen(image)
        return image

    async def _build(self, destination: Destination, plan: Plan, repository: str) -> str:
        clock = asyncio.get_running_loop()
        start = clock.time()
        kinds = await self._module_kinds(plan)
        labels = {
            "org.opencontainers.image.title": destination.metadata.name,
            "dev.xkit.namespace": destination.metadata.namespace,
            "dev.xkit.name": destination.metadata.name,
        }
        image = function_image(plan.runtime, plan.functions, kinds, labels=labels, declared=plan.declared)
        try:
            pushed = await self._pusher.push(plan.runtime, image, repository=repository, tag=tag_of(plan.source_hash))
        except RegistryError as error:
            self._built(error.code, clock.time() - start)
            raise
        self._built("pushed", clock.time() - start)
        return pushed.digest

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

    def _seen_lately(self, image: str) -> bool:
        seen = self._seen.get(image)
        return seen is not None and asyncio.get_running_loop().time() - seen < _TRUSTED_SECONDS

    def _remember_seen(self, image: str) -> None:
        self._seen.pop(image, None)
        self._seen[image] = asyncio.get_running_loop().time()
        while self._seen and not self._seen_lately(next(iter(self._seen))):
            self._seen.popitem(last=False)
