"""What a registry is asked for, and sent, when a function image is put on another runtime."""

import random
from pathlib import Path

import pytest

from tests.registry.destinations import SOURCE, Destinations
from tests.registry.server import Server
from tests.registry.test_push import SMALL
from tests.registry.wire import Wire
from xkit_operator.image import layout
from xkit_operator.image.function import source_hash, tag_of
from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import Image, Process, image
from xkit_operator.image.pull import Puller
from xkit_operator.image.push import Pushed
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime, RuntimeCatalogue


@pytest.fixture
def newer(tmp_path: Path) -> Runtime:
    """As small as the other one, with other content."""
    noise = random.Random(1)  # noqa: S311 - the same bytes in every session
    process = Process(entrypoint=["/opt/small/bin/node", "/app/executor/host.js"], environment={"NEWER": "1"})
    layers = [pack([Entry.file(f"file{number}", noise.randbytes(100_000))]) for number in range(4)]
    layout.write(image(layers, process), tmp_path / "runtimes" / "small")
    return RuntimeCatalogue(tmp_path / "runtimes").get("small")


@pytest.fixture
def puller(registry: Registry) -> Puller:
    return Puller(registry)


async def rebase(destinations: Destinations, puller: Puller, newer: Runtime, name: str, digest: str) -> Image | None:
    return await puller.rebased(
        newer,
        repository=destinations.repository(name),
        digest=digest,
        source=source_hash(newer.digest, {"upsert": SOURCE}),
    )


async def push(destinations: Destinations, newer: Runtime, name: str, image: Image) -> Pushed:
    tag = tag_of(source_hash(newer.digest, {"upsert": SOURCE}))
    return await destinations.pusher.push(newer, image, repository=destinations.repository(name), tag=tag)


async def test_the_functions_layer_is_read_and_never_sent(
    destinations: Destinations, puller: Puller, newer: Runtime, wire: Wire
) -> None:
    first, old = await destinations.push("first"), await destinations.push("crm")
    before = await rebase(destinations, puller, newer, "first", first.digest)
    assert before is not None
    await push(destinations, newer, "first", before)
    wire.requests.clear()
    image = await rebase(destinations, puller, newer, "crm", old.digest)
    assert image is not None
    assert wire.methods() == ["GET"] * 3
    assert image.layers[-1] == destinations.image().layers[-1]
    wire.requests.clear()
    pushed = await push(destinations, newer, "crm", image)
    assert pushed.uploaded_bytes == image.config.size
    assert wire.uploaded == image.config.size + image.manifest.size < SMALL
    assert sum(request.mounts and request.status == 201 for request in wire.requests) == len(newer.image.layers)


async def test_both_images_are_in_the_registry_afterwards(
    destinations: Destinations, puller: Puller, newer: Runtime, registry: Registry
) -> None:
    old = await destinations.push("crm")
    image = await rebase(destinations, puller, newer, "crm", old.digest)
    assert image is not None
    new = await push(destinations, newer, "crm", image)
    for pushed in (old, new):
        assert await registry.head_manifest(destinations.repository("crm"), pushed.digest) == pushed.digest


async def test_the_runtime_below_an_image_is_read_from_its_manifest(
    destinations: Destinations, puller: Puller, wire: Wire
) -> None:
    old = await destinations.push("crm")
    wire.requests.clear()
    assert await puller.base(destinations.repository("crm"), old.digest) == destinations.runtime.digest
    assert wire.methods() == ["GET"]


async def test_an_image_that_is_gone_is_not_rebased(
    destinations: Destinations, puller: Puller, newer: Runtime, server: Server
) -> None:
    old = await destinations.push("crm")
    server.lose_everything()
    assert await puller.base(destinations.repository("crm"), old.digest) is None
    assert await rebase(destinations, puller, newer, "crm", old.digest) is None


@pytest.mark.parametrize("part", ["config", "functions"])
async def test_an_image_that_lacks_a_part_is_not_rebased(
    destinations: Destinations, puller: Puller, newer: Runtime, server: Server, part: str
) -> None:
    old = await destinations.push("crm")
    image = destinations.image()
    digest = {"config": image.config, "functions": image.layers[-1].blob}[part].digest.removeprefix("sha256:")
    for path in server.data.glob(f"**/blobs/sha256/{digest[:2]}/{digest}/data"):
        path.unlink()
    for path in server.data.glob(f"**/_layers/sha256/{digest}/link"):
        path.unlink()
    assert await rebase(destinations, puller, newer, "crm", old.digest) is None
