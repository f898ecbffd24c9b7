"""Uploads and mounts as registries want them: sessions, pieces, and addresses that go on elsewhere."""

import random
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from tests.registry.destinations import Destinations
from tests.registry.server import Server
from tests.registry.wire import Wire, wire_to
from xkit_operator.image.blob import Blob
from xkit_operator.image.registry.client import Registry

SMALL = 5_000  # bytes: what belongs to one Destination alone, headers aside
REPOSITORY = "xkit/team-a/crm"


def noise(size: int, seed: int = 0) -> Blob:
    return Blob.of(random.Random(seed).randbytes(size))  # noqa: S311 - any bytes will do


def without_mounts(path: str) -> str:
    """A registry that knows no mounts ignores the parameters and opens an upload."""
    return path.partition("?mount=")[0]


def uploads_opened(wire: Wire) -> int:
    return len([request for request in wire.requests if request.method == "POST" and not request.mounts])


def left_open(server: Server) -> list[str]:
    return [str(path) for path in server.data.glob("**/_uploads/*/startedat")]


async def test_an_upload_that_is_opened_instead_of_a_mount_is_used(
    destinations: Destinations, wire: Wire, server: Server
) -> None:
    await destinations.push("crm")
    wire.requests.clear()
    wire.path = without_mounts
    pushed = await destinations.push("erp")
    assert [request.status for request in wire.requests if request.mounts] == [202] * 4
    assert pushed.uploaded_bytes > sum(layer.blob.size for layer in destinations.runtime.image.layers)
    assert uploads_opened(wire) == 2  # for what no other repository has: functions and configuration
    assert left_open(server) == []


async def test_an_upload_that_is_opened_instead_of_a_mount_is_cancelled_where_the_blob_is_there(
    destinations: Destinations, registry: Registry, wire: Wire, server: Server
) -> None:
    await destinations.push("crm")
    wire.path = without_mounts
    just_started = Destinations(destinations.runtime, registry)
    pushed = await just_started.push("crm", "module.exports = 2")
    assert pushed.uploaded_bytes < SMALL
    assert wire.methods().count("DELETE") == 4
    assert left_open(server) == []


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
async def test_a_refused_mount_is_an_upload(destinations: Destinations, wire: Wire, status: int) -> None:
    await destinations.push("crm")
    wire.fault = lambda request: web.Response(status=status) if "mount" in request.query else None
    pushed = await destinations.push("erp")
    assert pushed.digest == destinations.image(name="erp").manifest.digest
    assert pushed.uploaded_bytes > sum(layer.blob.size for layer in destinations.runtime.image.layers)


@pytest.mark.parametrize("limit", [1_000_000, 9_000_000])
async def test_a_limit_of_requests_makes_pieces_and_is_remembered(
    registry: Registry, wire: Wire, server: Server, limit: int
) -> None:
    first, second = noise(10_000_000), noise(9_500_000, seed=1)
    wire.fault = lambda request: web.Response(status=413) if (request.content_length or 0) > limit else None
    await registry.upload_blob(REPOSITORY, first)
    assert 413 in [request.status for request in wire.requests]
    wire.requests.clear()
    await registry.upload_blob(REPOSITORY, second)
    assert 413 not in [request.status for request in wire.requests]
    assert await registry.has_blob(REPOSITORY, first.digest)
    assert await registry.has_blob(REPOSITORY, second.digest)
    assert left_open(server) == []


def only_pieces(status: int) -> Callable[[web.Request], web.Response | None]:
    def refuse(request: web.Request) -> web.Response | None:
        whole = request.method == "PUT" and "/blobs/" in request.path and request.content_length
        return web.Response(status=status) if whole else None

    return refuse


@pytest.mark.parametrize("status", [400, 405, 501])
async def test_a_registry_that_takes_pieces_only_gets_them(
    destinations: Destinations, registry: Registry, wire: Wire, status: int
) -> None:
    wire.fault = only_pieces(status)
    pushed = await destinations.push("crm")
    assert await registry.head_manifest(destinations.repository("crm"), destinations.tag()) == pushed.digest


async def test_pieces_are_of_the_least_size_that_is_asked_for_and_follow_each_other(
    registry: Registry, wire: Wire
) -> None:
    ranges: list[str] = []

    def ask_for_large_ones(request: web.Request, answer: web.Response) -> None:
        if request.method == "POST":
            answer.headers["OCI-Chunk-Min-Length"] = "10000000"
        if request.method == "PATCH":
            ranges.append(request.headers["Content-Range"])

    wire.fault, wire.amend = only_pieces(405), ask_for_large_ones
    blob = noise(12_000_000)
    await registry.upload_blob(REPOSITORY, blob)
    assert ranges == ["0-9999999", "10000000-11999999"]
    assert await registry.has_blob(REPOSITORY, blob.digest)


@pytest.mark.parametrize(
    "change",
    [
        lambda location, host: location.removeprefix(f"http://{host}"),
        lambda location, host: location.removeprefix("http:"),
        lambda location, host: location.partition("?")[0].rpartition("/")[2] + "?" + location.partition("?")[2],
        lambda location, host: location + "&signature=a%2Fb%3D&empty=",
    ],
    ids=["absolute path", "without a scheme", "relative path", "signature in the query"],
)
@pytest.mark.parametrize("fault", [None, only_pieces(405)], ids=["whole", "pieces"])
async def test_a_location_is_followed_as_it_is(
    registry: Registry,
    wire: Wire,
    change: Callable[[str, str], str],
    fault: Callable[[web.Request], web.Response | None] | None,
) -> None:
    told: list[str] = []

    def relocate(request: web.Request, answer: web.Response) -> None:
        if answer.status == 202 and request.method in ("POST", "PATCH"):
            answer.headers["Location"] = change(answer.headers["Location"], wire.host)
            told.append(answer.headers["Location"].partition("?")[2])

    wire.amend = relocate
    wire.fault = fault or wire.fault
    await registry.upload_blob(REPOSITORY, noise(1_000))
    assert await registry.has_blob(REPOSITORY, noise(1_000).digest)
    asked = [request.path for request in wire.requests if request.method == "PUT"]
    assert f"?{told[-1]}&digest=sha256:" in asked[-1]


@pytest.fixture
async def storage(server: Server) -> AsyncIterator[Wire]:
    """A second host, as the storage service behind a registry is."""
    async with wire_to(server.host) as storage:
        yield storage


async def test_an_upload_that_goes_on_at_another_host_gets_there(registry: Registry, wire: Wire, storage: Wire) -> None:
    def move(request: web.Request, answer: web.Response) -> None:
        if request.method == "POST":
            answer.headers["Location"] = answer.headers["Location"].replace(wire.host, storage.host)

    wire.amend = move
    await registry.upload_blob(REPOSITORY, noise(1_000))
    assert storage.methods() == ["PUT"]
    assert await registry.has_blob(REPOSITORY, noise(1_000).digest)


async def test_an_upload_that_is_redirected_to_another_host_gets_there(
    registry: Registry, wire: Wire, storage: Wire
) -> None:
    def redirect(request: web.Request) -> web.Response | None:
        if request.method != "PUT":
            return None
        return web.Response(status=307, headers={"Location": f"http://{storage.host}{request.raw_path}"})

    wire.fault = redirect
    await registry.upload_blob(REPOSITORY, noise(100_000))
    assert [request.size for request in storage.requests] == [100_000]
    assert await registry.has_blob(REPOSITORY, noise(100_000).digest)
