"""Lines that are cut, stall or drip: a push goes on at the next attempt, or says that the registry is unreachable."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.registry.destinations import Destinations
from tests.registry.line import Fault, Line
from tests.registry.server import Server
from xkit_operator.errors import RegistryUnreachable
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime

TIMEOUT = 1.0
PATIENCE = 3.0
"""Where one of the attempts must succeed: the machine may be busy, too."""
FOREVER = 1_000_000.0


async def cut_before_the_status_line(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def cut_in_the_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nDocker-Conte")
    await writer.drain()


async def cut_in_the_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 202 Accepted\r\nLocation: /v2/\r\nContent-Length: 100\r\n\r\nhalf of it")
    await writer.drain()


async def stall(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(FOREVER)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Each byte comes in time, and the answer never ends."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(TIMEOUT / 10)


FAULTS = [cut_before_the_status_line, cut_in_the_headers, stall, drip]


@pytest.fixture
async def line(server: Server) -> AsyncIterator[Line]:
    async with Line.to(server.host) as line:
        yield line


@pytest.fixture
async def registry(line: Line) -> AsyncIterator[Registry]:
    async with Registry(line.host, Access(plain_http=True), timeout=PATIENCE) as registry:
        yield registry


@pytest.fixture
async def hasty(line: Line) -> AsyncIterator[Registry]:
    async with Registry(line.host, Access(plain_http=True), timeout=TIMEOUT) as registry:
        yield registry


@pytest.mark.parametrize("fault", [*FAULTS, cut_in_the_body], ids=lambda fault: fault.__name__)
async def test_the_next_attempt_heals(line: Line, registry: Registry, small_runtime: Runtime, fault: Fault) -> None:
    destinations = Destinations(small_runtime, registry)
    line.faults = [fault]
    await registry.upload_blob(destinations.repository("crm"), destinations.image().config)
    assert await registry.has_blob(destinations.repository("crm"), destinations.image().config.digest)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_after_three_attempts_the_registry_is_unreachable(line: Line, hasty: Registry, fault: Fault) -> None:
    line.faults = [fault] * 10
    with pytest.raises(RegistryUnreachable, match=rf"registry {line.host}: could not look for latest in xkit/a/b"):
        await hasty.head_manifest("xkit/a/b", "latest")
    assert line.opened == 3


async def test_an_upload_that_is_cut_in_the_middle_starts_over(
    line: Line, registry: Registry, small_runtime: Runtime
) -> None:
    blob = small_runtime.image.layers[0].blob

    async def cut_the_upload(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Open a session, then take the half of the blob."""
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 202 Accepted\r\nLocation: /v2/xkit/a/b/blobs/uploads/1\r\nContent-Length: 0\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(blob.size // 2)

    line.faults = [cut_the_upload]
    await registry.upload_blob("xkit/a/b", blob)
    assert await registry.has_blob("xkit/a/b", blob.digest)


async def rest(registry: Registry) -> None:
    """Leave many connections that nobody uses."""
    await asyncio.gather(*(registry.head_manifest("xkit/a/b", str(number)) for number in range(16)))


async def test_connections_that_the_registry_closed_cost_nothing(line: Line, registry: Registry) -> None:
    await rest(registry)
    line.hang_up()
    assert await registry.head_manifest("xkit/a/b", "latest") is None


async def test_connections_that_died_in_silence_cost_one_attempt(line: Line, registry: Registry) -> None:
    await rest(registry)
    assert line.opened > 1
    line.go_silent()
    assert await registry.head_manifest("xkit/a/b", "latest") is None
