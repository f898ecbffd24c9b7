"""Registries that ask who comes, and registries whose certificate is a company's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import encode_basic_auth, web

from tests.registry.authorities import Authority
from tests.registry.closed import basic, tls, write_login
from tests.registry.destinations import Destinations
from tests.registry.server import Server
from tests.registry.wire import Wire, wire_to
from xkit_operator.errors import RegistryUnauthorized, RegistryUnreachable
from xkit_operator.image.blob import Blob
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.credentials import Credentials
from xkit_operator.image.runtime import Runtime


@pytest.fixture
def closed(tmp_path: Path, authority: Authority) -> Iterator[Server]:
    """Over TLS, with a password."""
    server = Server(tmp_path)
    server.settings = {**basic(tmp_path), **tls(authority, server)}
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


async def test_a_renewed_login_is_used_where_the_expired_one_was_only_forbidden(wire: Wire, tmp_path: Path) -> None:
    """As with cloud registries whose logins live for hours: they answer 403, not 401, to an old one."""
    good = "hour-1"

    def look(request: web.Request) -> web.Response:
        shown = request.headers.get("authorization")
        if shown is None:
            return web.Response(status=401, headers={"www-authenticate": 'Basic realm="cloud"'})
        if shown != encode_basic_auth("AWS", good):
            return web.Response(status=403)
        return web.Response(headers={"docker-content-digest": "sha256:1"})

    wire.fault = look
    file = write_login(tmp_path / "login", wire.host, good, user="AWS")
    access = Access(plain_http=True, plain_http_login=True, credentials=Credentials(file))
    async with Registry(wire.host, access) as registry:
        assert await registry.head_manifest("xkit/team-a/crm", "latest") == "sha256:1"
        good = "hour-13"
        with pytest.raises(RegistryUnauthorized, match="it answered 403; give its login the permission"):
            await registry.head_manifest("xkit/team-a/crm", "latest")
        write_login(file, wire.host, good, user="AWS")
        assert await registry.head_manifest("xkit/team-a/crm", "latest") == "sha256:1"


@pytest.mark.parametrize("method", ["POST", "HEAD"], ids=["an upload", "a redirect"])
async def test_a_storage_service_never_sees_the_login(
    closed_in_the_clear: Server, wire: Wire, tmp_path: Path, method: str
) -> None:
    wire.upstream = closed_in_the_clear.host
    access = Access(
        plain_http=True, plain_http_login=True, credentials=Credentials(write_login(tmp_path / "login", wire.host))
    )
    async with wire_to("nothing behind it") as storage, Registry(wire.host, access) as registry:
        storage.fault = lambda request: web.Response(status=201)

        def move(request: web.Request, answer: web.Response) -> None:
            if request.method == method and answer.status != 401:
                answer.headers["Location"] = f"http://{storage.host}/bucket?signature=abc"
                answer.set_status(307 if method == "HEAD" else 202)

        wire.amend = move
        blob = Blob.of(b"some bytes")
        if method == "POST":
            await registry.upload_blob("xkit/team-a/crm", blob)
        else:
            assert await registry.has_blob("xkit/team-a/crm", blob.digest)
    assert [request.authorization for request in storage.requests] == [None]
    assert wire.requests[-1].authorization is not None
