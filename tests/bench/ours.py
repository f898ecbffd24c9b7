"""Images as the operator builds them: its own check, packing and push in this process, without an API server."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.timed import TimedRegistry
from xkit_operator.image import layout
from xkit_operator.image.build.cache import LayerCache, cache_directory
from xkit_operator.image.build.runtime import build_runtime
from xkit_operator.image.function import function_image, source_hash, tag_of
from xkit_operator.image.layer import unpack
from xkit_operator.image.push import Pusher
from xkit_operator.image.registry.access import Access
from xkit_operator.image.runtime import Runtime, RuntimeCatalogue
from xkit_operator.image.syntax import SyntaxChecker

PREFIX = "xkit"
_NODEJS14 = Path(__file__).parents[2] / "runtimes" / "nodejs14"


@dataclass(frozen=True)
class Functions:
    """The sources of one Destination, by operation."""

    name: str
    sources: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """Seconds of the functions' way into the registry, step by step."""

    checked: float = 0.0
    packed: float = 0.0
    pushed: float
    calls: Sequence[tuple[str, float]]
    """Kind and seconds of the calls to the registry."""

    @property
    def seconds(self) -> float:
        return self.checked + self.packed + self.pushed


class Builder:
    """The steps of the operator for an image, on connections that stay open as its own do."""

    def __init__(self, runtime: Runtime, registry: TimedRegistry, checker: SyntaxChecker) -> None:
        self.host = registry.host
        self._runtime = runtime
        self._registry = registry
        self._pusher = Pusher(registry, PREFIX)
        self._checker = checker

    async def ship(self, functions: Functions) -> Shipped:
        """Build and push what is new."""
        runtime, sources = self._runtime, functions.sources
        self._registry.take()
        begun = time.perf_counter()
        kinds = await self._checker.check(sources, runtime.node, runtime.check_script, declared={})
        checked = time.perf_counter()
        tag = tag_of(source_hash(runtime.digest, sources))
        image = function_image(runtime, sources, kinds, labels={})
        packed = time.perf_counter()
        await self._pusher.push(runtime, image, repository=self._repository(functions), tag=tag)
        pushed = time.perf_counter()
        return Shipped(
            checked=checked - begun, packed=packed - checked, pushed=pushed - packed, calls=self._registry.take()
        )

    async def find(self, functions: Functions) -> Shipped:
        """Look for what was pushed before; its functions need no second check. Raises LookupError."""
        self._registry.take()
        begun = time.perf_counter()
        tag = tag_of(source_hash(self._runtime.digest, functions.sources))
        if await self._pusher.find(self._repository(functions), tag) is None:
            raise LookupError(f"the registry lacks {functions.name}")
        return Shipped(pushed=time.perf_counter() - begun, calls=self._registry.take())

    def _repository(self, functions: Functions) -> str:
        return self._pusher.repository(namespace="bench", name=functions.name)


def runtime_in(folder: Path) -> Runtime:
    """The runtime of this source tree in `folder`, as the operator's image has it."""
    kept = cache_directory()
    parts = build_runtime(_NODEJS14, LayerCache(kept / "layers", _say_nothing), kept)
    layout.write(parts.image, folder / "runtimes" / parts.name)
    unpack([parts.node, parts.executor], folder / "root")
    return RuntimeCatalogue(folder / "runtimes", folder / "root").get(parts.name)


@asynccontextmanager
async def builder_at(host: str, runtime: Runtime) -> AsyncIterator[Builder]:
    """Images on `runtime` for the registry at `host`."""
    checker = SyntaxChecker()
    async with TimedRegistry(host, Access(plain_http=True)) as registry:
        yield Builder(runtime, registry, checker)
    await checker.close()


def _say_nothing(_: Any) -> None:
    """The report of a build that nobody watches."""
