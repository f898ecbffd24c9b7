"""What these tests need: a real registry, the wire to it, and the real runtime of this source tree."""

import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.registry.authorities import Authority
from tests.registry.closed import basic
from tests.registry.destinations import Destinations
from tests.registry.server import Server
from tests.registry.wire import Wire, wire_to
from xkit_operator.image import layout
from xkit_operator.image.build.cache import LayerCache, cache_directory
from xkit_operator.image.build.release import Origin, Release
from xkit_operator.image.build.runtime import build_runtime
from xkit_operator.image.layer import Entry, pack, unpack
from xkit_operator.image.manifest import Process, image
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime, RuntimeCatalogue

ROOT = Path(__file__).parents[2]
NODEJS14 = ROOT / "runtimes" / "nodejs14"


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """The runtime as the operator has it: its layout, and its Node and parser ready to run."""
    folder = tmp_path_factory.mktemp("runtime")
    kept = cache_directory()
    parts = build_runtime(NODEJS14, LayerCache(kept / "layers", print), kept)
    layout.write(parts.image, folder / "runtimes" / parts.name)
    unpack([parts.node, parts.executor], folder / "root")
    return RuntimeCatalogue(folder / "runtimes", folder / "root").get(parts.name)


@pytest.fixture(scope="session")
def release() -> Release:
    """The images of this source tree, as `make image` builds them."""
    return Release(Origin(source=ROOT), cache_directory(), print)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def wire(server: Server) -> AsyncIterator[Wire]:
    async with wire_to(server.host) as wire:
        yield wire


@pytest.fixture
async def registry(wire: Wire) -> AsyncIterator[Registry]:
    async with Registry(wire.host, Access(plain_http=True)) as registry:
        yield registry


@pytest.fixture(scope="session")
def small_runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """Four layers of 100 kB: what crosses the wire for them differs from the real runtime in size alone."""
    noise = random.Random(0)  # noqa: S311 - the same bytes in every session
    process = Process(entrypoint=["/opt/small/bin/node", "/app/executor/host.js"], environment={})
    layers = [pack([Entry.file(f"file{number}", noise.randbytes(100_000))]) for number in range(4)]
    folder = tmp_path_factory.mktemp("small")
    layout.write(image(layers, process), folder / "small")
    return RuntimeCatalogue(folder).get("small")


@pytest.fixture
def destinations(small_runtime: Runtime, registry: Registry) -> Destinations:
    return Destinations(small_runtime, registry)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path)


@pytest.fixture
def closed_in_the_clear(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, settings=basic(tmp_path))
    server.start()
    yield server
    server.stop()
