"""Docker Hub: two levels of names, one name for images and another for pushes, and a company's proxy on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.registry.authorities import Authority
from tests.registry.closed import basic, tls, write_login
from tests.registry.server import Server
from xkit_operator.image.push import Pusher
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.credentials import Credentials


class Proxy:
    """Takes CONNECT to anywhere, notes where to, and leads to one registry."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self.asked: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.ensure_future(self._serve(reader, writer)))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode().split(" ")[1])
        host, _, port = self._upstream.partition(":")
        theirs, ours = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            await asyncio.gather(_pump(reader, ours), _pump(theirs, writer))
        finally:
            ours.close()
            writer.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(1 << 16):
            target.write(data)
    target.close()


@pytest.fixture
async def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Proxy, Path]]:
    """A registry that passes for Docker Hub's, behind a proxy; and the authority to trust."""
    authority = Authority.make(tmp_path, "registry-1.docker.io")
    server = Server(tmp_path)
    server.settings = {**basic(tmp_path), **tls(authority, server)}
    server.start()
    proxy = Proxy(server.host)
    listening = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{port}")  # as it is often written: without a scheme
    yield proxy, authority.certificates
    listening.close()
    await proxy.stop()
    server.stop()


@pytest.mark.parametrize("key", ["docker.io", "index.docker.io", "registry-1.docker.io", "index.docker.io/v1"])
async def test_a_push_to_docker_io_goes_to_its_api_with_the_login_under_any_of_its_names(
    hub: tuple[Proxy, Path], tmp_path: Path, key: str
) -> None:
    proxy, authorities = hub
    access = Access(authorities=authorities, credentials=Credentials(write_login(tmp_path / "login", key)))
    async with Registry("docker.io", access) as registry:
        assert await registry.head_manifest("company/sales.crm", "latest") is None
    assert set(proxy.asked) == {"registry-1.docker.io:443"}


def test_flat_names_have_two_levels_and_are_as_many_as_destinations() -> None:
    registry = Registry("docker.io", Access())
    flat, nested = Pusher(registry, "company", "flat"), Pusher(registry, "company")
    destinations = [("a", "b"), ("a", "b.c"), ("a-b", "c"), ("runtime-nodejs14", "x")]
    named = {flat.repository(namespace=namespace, name=name) for namespace, name in destinations}
    assert named == {"company/a.b", "company/a.b.c", "company/a-b.c", "company/runtime-nodejs14.x"}
    assert nested.repository(namespace="a", name="b") == "company/a/b"
