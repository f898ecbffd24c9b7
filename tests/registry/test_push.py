"""What a push asks of a registry and sends to it, in each state that the registry can be in."""

import asyncio

import pytest
from aiohttp import web

from tests.registry.destinations import Destinations
from tests.registry.server import Server
from tests.registry.wire import Wire, no_fault
from xkit_operator.errors import RegistryUnreachable
from xkit_operator.image.push import AT_A_TIME
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.transfer import Pushed

SMALL = 5_000  # bytes: what belongs to one Destination alone, headers aside


async def test_a_pushed_image_is_found_by_its_tag_and_by_its_digest(
    destinations: Destinations, registry: Registry
) -> None:
    pushed = await destinations.push("crm")
    assert pushed.digest == destinations.image().manifest.digest
    repository = destinations.repository("crm")
    assert await registry.head_manifest(repository, destinations.tag()) == pushed.digest
    assert await registry.head_manifest(repository, pushed.digest) == pushed.digest


async def test_an_image_that_was_never_pushed_is_not_found(destinations: Destinations) -> None:
    assert await destinations.pusher.find(destinations.repository("crm"), destinations.tag()) is None


async def test_an_unchanged_image_costs_one_head_and_no_byte(destinations: Destinations, wire: Wire) -> None:
    first = await destinations.push("crm")
    wire.requests.clear()
    second = await destinations.push("crm")
    assert second.digest == first.digest
    assert second.uploaded_bytes == 0
    assert wire.methods() == ["HEAD"]
    assert wire.uploaded == 0


async def test_a_look_costs_one_head(destinations: Destinations, wire: Wire) -> None:
    await destinations.push("crm")
    wire.requests.clear()
    assert await destinations.pusher.find(destinations.repository("crm"), destinations.tag()) is not None
    assert wire.methods() == ["HEAD"]


async def test_the_first_push_brings_the_runtime_and_uploads_each_blob_once(
    destinations: Destinations, wire: Wire
) -> None:
    pushed = await destinations.push("crm")
    image = destinations.image()
    below = sum(layer.blob.size for layer in destinations.runtime.image.layers) + destinations.runtime.image.config.size
    assert pushed.uploaded_bytes == below + image.layers[-1].blob.size + image.config.size
    assert wire.uploaded == pushed.uploaded_bytes + image.manifest.size + destinations.runtime.image.manifest.size


async def test_the_next_destination_mounts_the_runtime_and_sends_only_its_own(
    destinations: Destinations, wire: Wire
) -> None:
    await destinations.push("crm")
    wire.requests.clear()
    await destinations.push("erp", "module.exports = async () => 'another'")
    mounts = [request for request in wire.requests if request.mounts]
    assert [mount.status for mount in mounts] == [201] * len(destinations.runtime.image.layers)
    assert wire.uploaded < SMALL


async def test_the_manifest_comes_last(destinations: Destinations, wire: Wire) -> None:
    await destinations.push("crm")
    puts = [request.path for request in wire.requests if request.method == "PUT" and "/team-a/" in request.path]
    assert "/manifests/" in puts[-1]
    assert not any("/manifests/" in path for path in puts[:-1])


async def test_pushes_that_start_together_upload_the_runtime_once(destinations: Destinations, wire: Wire) -> None:
    names = [f"d{number}" for number in range(8)]
    pushed = await asyncio.gather(*(destinations.push(name, f"module.exports = '{name}'") for name in names))
    assert len({one.digest for one in pushed}) == len(names)
    large = [request for request in wire.requests if request.size > SMALL]
    assert len(large) == len(destinations.runtime.image.layers)


async def test_a_runtime_that_many_wait_for_is_looked_for_once_and_never_again(
    small_runtime: Runtime, registry: Registry, wire: Wire
) -> None:
    await Destinations(small_runtime, registry).push("first")
    wire.requests.clear()
    just_started = Destinations(small_runtime, registry)
    names = [f"d{number}" for number in range(8)]
    for source in ("1", "2"):
        await asyncio.gather(*(just_started.push(name, f"module.exports = {source}") for name in names))
    looks = [one for one in wire.requests if one.method == "HEAD" and "/runtime-small/manifests/" in one.path]
    assert len(looks) == 1


async def test_a_runtime_that_was_lost_meanwhile_is_uploaded_once_and_mounted_again(
    destinations: Destinations, server: Server, wire: Wire
) -> None:
    await destinations.push("first")
    server.lose_everything()
    wire.requests.clear()
    names = [f"d{number}" for number in range(4)]
    await asyncio.gather(*(destinations.push(name, f"module.exports = '{name}'") for name in names))
    large = [request for request in wire.requests if request.size > SMALL]
    assert len(large) == len(destinations.runtime.image.layers)


async def test_a_new_image_costs_ten_requests(destinations: Destinations, wire: Wire) -> None:
    await destinations.push("crm")
    wire.requests.clear()
    await destinations.push("erp")
    # Is it there; four mounts; two uploads in two steps each; the manifest.
    assert sorted(wire.methods()) == ["HEAD"] + ["POST"] * 6 + ["PUT"] * 3


async def test_an_edit_costs_six_requests(destinations: Destinations, wire: Wire) -> None:
    await destinations.push("crm")
    wire.requests.clear()
    await destinations.push("crm", "module.exports = async () => 'edited'")
    # Is it there; the uploads and the manifest: the layers of the runtime are there.
    assert sorted(wire.methods()) == ["HEAD"] + ["POST"] * 2 + ["PUT"] * 3


async def test_an_edit_brings_back_a_layer_that_the_registry_has_lost_meanwhile(
    destinations: Destinations, server: Server, registry: Registry
) -> None:
    await destinations.push("crm")
    lost = destinations.runtime.image.layers[1].blob
    server.lose(lost.digest)
    edited = await destinations.push("crm", "module.exports = async () => 'edited'")
    assert await registry.has_blob(destinations.repository("crm"), lost.digest)
    assert await registry.head_manifest(destinations.repository("crm"), edited.digest) == edited.digest


async def test_a_runtime_that_cannot_be_uploaded_fails_for_all_that_wait_and_is_then_tried_once(
    destinations: Destinations, wire: Wire
) -> None:
    def refuse(request: web.Request) -> web.Response | None:
        starts = request.method == "POST" and "/runtime-small/" in request.path
        return web.Response(status=507) if starts else None

    wire.fault = refuse
    names = [f"d{number}" for number in range(8)]
    told = await asyncio.gather(*(destinations.push(name) for name in names), return_exceptions=True)
    assert [type(one) for one in told] == [RegistryUnreachable] * len(names)
    assert wire.methods().count("POST") == 3  # the attempts of one upload
    wire.fault = no_fault
    wire.requests.clear()
    await asyncio.gather(*(destinations.push(name, f"module.exports = '{name}'") for name in names))
    large = [request for request in wire.requests if request.size > SMALL]
    assert len(large) == len(destinations.runtime.image.layers)


async def test_pushes_that_hang_leave_connections_for_looks(destinations: Destinations, wire: Wire) -> None:
    await destinations.push("there")
    hanging: set[str] = set()
    full, end = asyncio.Event(), asyncio.Event()

    async def hang(request: web.Request) -> None:
        if request.method == "POST" and "/hung" in request.path and not end.is_set():
            hanging.add(request.path)
            if len(hanging) == AT_A_TIME:
                full.set()
            await end.wait()

    wire.delay = hang
    hung = [asyncio.create_task(destinations.push(f"hung{number}")) for number in range(2 * AT_A_TIME)]
    async with asyncio.timeout(60):
        await full.wait()
        assert (await destinations.push("there")).uploaded_bytes == 0
    assert len(hanging) == AT_A_TIME
    end.set()
    assert len(await asyncio.gather(*hung)) == len(hung)


async def test_a_registry_that_mounts_nothing_gets_the_layers_uploaded(
    destinations: Destinations, wire: Wire, registry: Registry
) -> None:
    await destinations.push("crm")

    def refuse_mounts(request: web.Request) -> web.Response | None:
        if "mount" not in request.query:
            return None
        return web.Response(status=202, headers={"Location": f"{request.url.origin()}{request.path}unused"})

    wire.fault = refuse_mounts
    pushed = await destinations.push("erp")
    assert pushed.uploaded_bytes > sum(layer.blob.size for layer in destinations.runtime.image.layers)
    assert await registry.head_manifest(destinations.repository("erp"), destinations.tag()) == pushed.digest


async def test_a_push_that_was_cut_goes_on_where_it_ended(
    destinations: Destinations, wire: Wire, registry: Registry
) -> None:
    image, repository = destinations.image(), destinations.repository("crm")
    await destinations.push("other")
    for blob in (image.layers[-1].blob, image.config):
        await registry.upload_blob(repository, blob)
    wire.requests.clear()
    pushed = await destinations.push("crm")
    assert pushed.uploaded_bytes == image.config.size  # which is not worth a question
    assert wire.uploaded == image.config.size + image.manifest.size


async def test_an_image_that_the_registry_lost_is_pushed_again(
    destinations: Destinations, server: Server, registry: Registry
) -> None:
    first = await destinations.push("crm")
    server.lose_everything()
    again = await destinations.push("crm")
    assert again.digest == first.digest
    assert again.uploaded_bytes == first.uploaded_bytes
    assert await registry.head_manifest(destinations.repository("crm"), first.digest) == first.digest


async def restore(destinations: Destinations, name: str) -> Pushed | None:
    return await destinations.pusher.restore(
        destinations.runtime,
        destinations.image(),
        repository=destinations.repository(name),
        tag=destinations.tag(),
    )


async def test_a_whole_image_is_asked_for_part_by_part_and_nothing_is_sent(
    destinations: Destinations, wire: Wire
) -> None:
    await destinations.push("crm")
    wire.requests.clear()
    assert await restore(destinations, "crm") is None
    assert wire.methods() == ["HEAD"] * (len(destinations.image().layers) + 2)


@pytest.mark.parametrize("part", ["manifest", "config", "functions", "runtime"])
async def test_the_part_that_the_registry_lost_is_brought_back(
    destinations: Destinations, server: Server, wire: Wire, part: str
) -> None:
    await destinations.push("crm")
    image = destinations.image()
    layers = [layer.blob for layer in image.layers]
    lost = {"manifest": image.manifest, "config": image.config, "functions": layers[-1], "runtime": layers[1]}[part]
    server.lose(lost.digest)
    wire.requests.clear()
    pushed = await restore(destinations, "crm")
    assert pushed is not None
    assert pushed.digest == image.manifest.digest
    assert pushed.uploaded_bytes == (0 if part == "manifest" else lost.size)
    assert await restore(destinations, "crm") is None


async def test_a_layer_of_the_runtime_that_was_lost_is_uploaded_once_for_all(
    destinations: Destinations, server: Server, wire: Wire
) -> None:
    await destinations.push("crm")
    await destinations.push("erp")
    lost = destinations.runtime.image.layers[1].blob
    server.lose(lost.digest)
    wire.requests.clear()
    for name in ("crm", "erp"):
        await restore(destinations, name)
    await destinations.push("new", "module.exports = 'new'")
    assert sum(1 for request in wire.requests if request.size == lost.size) == 1
