"""Registries that ask who comes, and registries whose certificate is a company's own."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.registry.authorities import Authority
from tests.registry.destinations import Destinations
from tests.registry.server import Server
from tests.registry.token_server import LOGIN, TokenServer
from tests.registry.wire import Wire
from xkit_operator.errors import RegistryUnauthorized, RegistryUnreachable
from xkit_operator.image.access import Access
from xkit_operator.image.credentials import Credentials
from xkit_operator.image.registry import Registry
from xkit_operator.image.runtime import Runtime

HTPASSWD = "me:$2b$04$Y1LKthPSeGR0L0iwnFLlveYyCwOHqX8bSxhfbLu9py50x9v0e4InW\n"  # the-passw0rd, with bcrypt


def write_login(file: Path, host: str, password: str = LOGIN[1]) -> Path:
    auth = base64.b64encode(f"{LOGIN[0]}:{password}".encode()).decode()
    file.write_text(json.dumps({"auths": {f"https://{host}/v1/": {"auth": auth}}}))
    return file


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path)


def basic(folder: Path) -> dict[str, object]:
    (folder / "htpasswd").write_text(HTPASSWD)
    return {"auth": {"htpasswd": {"realm": "company", "path": str(folder / "htpasswd")}}}


def tls(authority: Authority, server: Server) -> dict[str, object]:
    certificate = {"certificate": str(authority.chain), "key": str(authority.key)}
    return {"http": {"addr": server.host, "tls": certificate}}


@pytest.fixture
def closed(tmp_path: Path, authority: Authority) -> Iterator[Server]:
    """Over TLS, with a password."""
    server = Server(tmp_path)
    server.settings = {**basic(tmp_path), **tls(authority, server)}
    server.start()
    yield server
    server.stop()


@pytest.fixture
def closed_in_the_clear(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, settings=basic(tmp_path))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def tokens(authority: Authority) -> AsyncIterator[TokenServer]:
    server = TokenServer(authority)
    runner = await server.start()
    yield server
    await runner.cleanup()


@pytest.fixture
def with_tokens(tmp_path: Path, authority: Authority, tokens: TokenServer) -> Iterator[Server]:
    """Over TLS, with tokens by the token server."""
    server = Server(tmp_path)
    server.settings = {**tokens.settings, **tls(authority, server)}
    server.start()
    yield server
    server.stop()


async def test_with_login_and_authority_an_image_is_pushed(
    closed: Server, authority: Authority, small_runtime: Runtime, tmp_path: Path
) -> None:
    login = Credentials(write_login(tmp_path / "login", closed.host))
    async with Registry(closed.host, Access(authorities=authority.certificates, credentials=login)) as registry:
        destinations = Destinations(small_runtime, registry)
        pushed = await destinations.push("crm")
        assert pushed.digest == destinations.image().manifest.digest
        assert (await destinations.push("erp")).uploaded_bytes < 5_000  # the runtime is mounted


async def test_a_certificate_of_an_unknown_authority_is_said_to_be_one(closed: Server) -> None:
    async with Registry(closed.host, Access()) as registry:
        with pytest.raises(RegistryUnreachable, match=r"TLS failed .*mend its certificate"):
            await registry.head_manifest("xkit/team-a/crm", "latest")


async def test_a_changed_login_counts_at_once(closed: Server, authority: Authority, tmp_path: Path) -> None:
    file = write_login(tmp_path / "login", closed.host, "wrong")
    access = Access(authorities=authority.certificates, credentials=Credentials(file))
    async with Registry(closed.host, access) as registry:
        with pytest.raises(RegistryUnauthorized):
            await registry.head_manifest("xkit/team-a/crm", "latest")
        write_login(file, closed.host)
        assert await registry.head_manifest("xkit/team-a/crm", "latest") is None


async def test_a_wrong_password_is_not_tried_again(closed_in_the_clear: Server, wire: Wire, tmp_path: Path) -> None:
    wire.upstream = closed_in_the_clear.host
    login = Credentials(write_login(tmp_path / "login", wire.host, "wrong"))
    async with Registry(wire.host, Access(plain_http=True, plain_http_login=True, credentials=login)) as registry:
        with pytest.raises(RegistryUnauthorized, match="does not accept the login") as caught:
            await registry.head_manifest("xkit/team-a/crm", "latest")
    assert "wrong" not in str(caught.value)
    assert [request.status for request in wire.requests] == [401, 401]  # without, and with the password


async def test_an_unchanged_image_behind_a_password_costs_one_head(
    closed_in_the_clear: Server, wire: Wire, small_runtime: Runtime, tmp_path: Path
) -> None:
    wire.upstream = closed_in_the_clear.host
    login = Credentials(write_login(tmp_path / "login", wire.host))
    async with Registry(wire.host, Access(plain_http=True, plain_http_login=True, credentials=login)) as registry:
        destinations = Destinations(small_runtime, registry)
        first = await destinations.push("crm")
        wire.requests.clear()
        assert await destinations.push("crm") == type(first)(digest=first.digest, uploaded_bytes=0)
    assert wire.methods() == ["HEAD"]


async def test_a_password_never_crosses_plain_http_unless_that_is_said(
    closed_in_the_clear: Server, wire: Wire, tmp_path: Path
) -> None:
    wire.upstream = closed_in_the_clear.host
    login = Credentials(write_login(tmp_path / "login", wire.host))
    seen: list[str | None] = []

    def look(request: web.Request) -> None:
        seen.append(request.headers.get("authorization"))

    wire.fault = look
    async with Registry(wire.host, Access(plain_http=True, credentials=login)) as registry:
        with pytest.raises(RegistryUnauthorized):
            await registry.head_manifest("xkit/team-a/crm", "latest")
    assert seen == [None]


@pytest.fixture
async def by_token(with_tokens: Server, authority: Authority, tmp_path: Path) -> AsyncIterator[Registry]:
    login = Credentials(write_login(tmp_path / "login", with_tokens.host))
    async with Registry(with_tokens.host, Access(authorities=authority.certificates, credentials=login)) as registry:
        yield registry


async def test_tokens_are_asked_for_with_the_scopes_that_are_needed(
    by_token: Registry, tokens: TokenServer, small_runtime: Runtime
) -> None:
    destinations = Destinations(small_runtime, by_token)
    await destinations.push("crm")
    tokens.granted.clear()
    assert (await destinations.push("erp")).uploaded_bytes < 5_000
    mounts = [scopes for scopes in tokens.granted if len(scopes) == 2]
    assert mounts
    assert all(("xkit/team-a/erp", {"pull", "push"}) in map(_allows, scopes) for scopes in mounts)
    tokens.granted.clear()
    assert (await destinations.push("erp")).uploaded_bytes == 0
    assert tokens.granted == []  # the one at hand is still good


async def test_a_token_that_has_expired_is_replaced(
    by_token: Registry, tokens: TokenServer, small_runtime: Runtime
) -> None:
    destinations = Destinations(small_runtime, by_token)
    tokens.lifetime = -120
    with pytest.raises(RegistryUnauthorized):
        await destinations.push("crm")
    tokens.lifetime = 60
    assert (await destinations.push("crm")).digest == destinations.image().manifest.digest


async def test_a_token_server_that_refuses_the_login_is_asked_once(
    with_tokens: Server, tokens: TokenServer, authority: Authority, tmp_path: Path
) -> None:
    login = Credentials(write_login(tmp_path / "login", with_tokens.host, "wrong"))
    async with Registry(with_tokens.host, Access(authorities=authority.certificates, credentials=login)) as registry:
        with pytest.raises(RegistryUnauthorized, match="does not accept the login"):
            await registry.head_manifest("xkit/team-a/crm", "latest")
    assert tokens.refused == 1


def _allows(scope: str) -> tuple[str, set[str]]:
    """Repository and actions, which a registry names in any order."""
    _, repository, actions = scope.split(":")
    return repository, set(actions.split(","))
