"""Registries that want tokens: who grants them, for what, for how long, and what is given for them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.registry.authorities import Authority
from tests.registry.closed import tls, write_entry, write_login
from tests.registry.destinations import Destinations
from tests.registry.server import Server
from tests.registry.token_server import IDENTITY_TOKEN, TokenServer
from xkit_operator.errors import RegistryUnauthorized
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.credentials import Credentials
from xkit_operator.image.runtime import Runtime


@pytest.fixture
async def tokens(authority: Authority) -> AsyncIterator[TokenServer]:
    server = TokenServer(authority)
    runner = await server.start()
    yield server
    await server.stop(runner)


@pytest.fixture
def with_tokens(tmp_path: Path, authority: Authority, tokens: TokenServer) -> Iterator[Server]:
    """Over TLS, with tokens by the token server."""
    server = Server(tmp_path)
    server.settings = {**tokens.settings, **tls(authority, server)}
    server.start()
    yield server
    server.stop()


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


@pytest.fixture
async def accessed(with_tokens: Server, authority: Authority, tmp_path: Path) -> AsyncIterator[Registry]:
    """With whatever stands in the login file at the time."""
    credentials = Credentials(tmp_path / "login")
    registry = Registry(with_tokens.host, Access(authorities=authority.certificates, credentials=credentials))
    yield registry
    await registry.close()


async def test_an_identity_token_is_traded_for_tokens(
    accessed: Registry, tokens: TokenServer, small_runtime: Runtime, tmp_path: Path
) -> None:
    # As clouds write it: a user name without a password beside it.
    entry = {"auth": "MDAwMDAwMDA6", "identitytoken": IDENTITY_TOKEN}
    write_entry(tmp_path / "login", accessed.host, entry)
    destinations = Destinations(small_runtime, accessed)
    await destinations.push("crm")
    assert (await destinations.push("erp")).uploaded_bytes < 5_000
    assert tokens.refused == 0


async def test_an_identity_token_that_is_refused_is_tried_once_and_not_quoted(
    accessed: Registry, tokens: TokenServer, tmp_path: Path
) -> None:
    write_entry(tmp_path / "login", accessed.host, {"identitytoken": "s3cret"})
    with pytest.raises(RegistryUnauthorized, match=r"could not get a token from 127\.0\.0\.1:") as caught:
        await accessed.head_manifest("xkit/team-a/crm", "latest")
    assert tokens.refused == 1
    assert "s3cret" not in str(caught.value)


async def test_a_registry_token_is_shown_as_it_is(accessed: Registry, tokens: TokenServer, tmp_path: Path) -> None:
    token = tokens.grant(["repository:xkit/team-a/crm:pull"])
    write_entry(tmp_path / "login", accessed.host, {"registrytoken": token})
    assert await accessed.head_manifest("xkit/team-a/crm", "latest") is None
    assert len(tokens.granted) == 1  # by this test


async def test_a_registry_token_that_is_refused_is_tried_once(
    accessed: Registry, tokens: TokenServer, tmp_path: Path
) -> None:
    write_entry(tmp_path / "login", accessed.host, {"registrytoken": "s3cret"})
    with pytest.raises(RegistryUnauthorized, match="does not accept the login") as caught:
        await accessed.head_manifest("xkit/team-a/crm", "latest")
    assert "s3cret" not in str(caught.value)
    assert tokens.granted == []


def _allows(scope: str) -> tuple[str, set[str]]:
    """Repository and actions, which a registry names in any order."""
    _, repository, actions = scope.split(":")
    return repository, set(actions.split(","))
