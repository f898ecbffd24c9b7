"""A registry that is down, ill, closed or no registry: what is tried again, what is said, and that it heals."""

import time
from collections.abc import Iterator

import pytest
from aiohttp import web

from tests.registry.destinations import Destinations
from tests.registry.server import Server
from tests.registry.wire import Wire
from xkit_operator.errors import RegistryError, RegistryRefused, RegistryUnauthorized, RegistryUnreachable
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime


async def test_a_registry_that_is_down_is_named_with_what_to_check_and_heals(
    server: Server, small_runtime: Runtime
) -> None:
    server.stop()
    async with Registry(server.host, PLAIN_HTTP) as registry:
        direct = Destinations(small_runtime, registry)
        with pytest.raises(RegistryUnreachable) as caught:
            await direct.push("crm")
        assert f"registry {server.host}" in str(caught.value)
        assert "xkit/team-a/crm" in str(caught.value)
        assert "Connection refused" in str(caught.value)
        assert "check that the registry runs" in str(caught.value)
        server.start()
        pushed = await direct.push("crm")
    assert pushed.digest == direct.image().manifest.digest


PLAIN_HTTP = Access(plain_http=True)


class Failing:
    """Answers the first `count` requests that match with `status`."""

    def __init__(self, count: int, *, status: int, method: str, retry_after: str | None = None) -> None:
        self.count, self.status, self.method = count, status, method
        self.headers = {} if retry_after is None else {"retry-after": retry_after}

    def __call__(self, request: web.Request) -> web.Response | None:
        if self.count == 0 or request.method != self.method:
            return None
        self.count -= 1
        return web.Response(status=self.status, headers=self.headers)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
async def test_two_answers_of_503_in_a_row_are_outlived(destinations: Destinations, wire: Wire, method: str) -> None:
    wire.fault = Failing(2, status=503, method=method)
    pushed = await destinations.push("crm")
    assert pushed.digest == destinations.image().manifest.digest


async def test_a_registry_that_stays_ill_is_given_up_after_three_attempts(
    destinations: Destinations, wire: Wire
) -> None:
    wire.fault = Failing(100, status=503, method="HEAD")
    with pytest.raises(RegistryUnreachable, match="it answered 503"):
        await destinations.push("crm")
    assert wire.methods() == ["HEAD"] * 3


@pytest.mark.parametrize("status", [429, 503])
async def test_a_registry_that_asks_for_a_pause_gets_it(
    destinations: Destinations, registry: Registry, wire: Wire, status: int
) -> None:
    wire.fault = Failing(1, status=status, method="HEAD", retry_after="1")
    since = time.monotonic()
    assert await registry.head_manifest(destinations.repository("crm"), "latest") is None
    assert time.monotonic() - since >= 1


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, RegistryUnauthorized),
        (404, RegistryRefused),
        (405, RegistryRefused),
        (409, RegistryRefused),
        (413, RegistryRefused),
        (501, RegistryRefused),
    ],
)
async def test_a_refusal_is_not_tried_again(
    destinations: Destinations, registry: Registry, wire: Wire, status: int, expected: type[RegistryError]
) -> None:
    wire.fault = Failing(100, status=status, method="POST")
    with pytest.raises(expected, match=f"xkit/team-a/crm: it answered {status}"):
        await registry.upload_blob(destinations.repository("crm"), destinations.image().config)
    assert wire.methods() == ["POST"]


async def test_a_name_that_the_registry_cannot_have_is_refused(registry: Registry, destinations: Destinations) -> None:
    with pytest.raises(RegistryRefused, match="check that it is an OCI registry, and takes this name"):
        await registry.upload_blob("Not/A/Name", destinations.image().config)


async def test_a_manifest_that_the_registry_does_not_accept_is_refused_in_its_own_words(
    registry: Registry, destinations: Destinations
) -> None:
    with pytest.raises(RegistryRefused, match="MANIFEST_BLOB_UNKNOWN"):
        await registry.put_manifest("xkit/team-a/crm", "latest", destinations.image().manifest)


@pytest.fixture
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("closed")
    server = Server(folder, settings={"auth": {"htpasswd": {"realm": "closed", "path": str(folder / "htpasswd")}}})
    server.start()
    yield server
    server.stop()


async def test_a_registry_that_demands_a_login_is_said_to(closed: Server) -> None:
    async with Registry(closed.host, PLAIN_HTTP) as registry:
        with pytest.raises(
            RegistryUnauthorized, match=r"demands a login.*is not known; add .* registry.credentialsSecret"
        ):
            await registry.head_manifest("xkit/team-a/crm", "latest")


async def test_plain_http_is_never_used_without_being_told(server: Server) -> None:
    async with Registry(server.host, Access()) as registry:
        with pytest.raises(RegistryUnreachable, match="if this registry speaks plain HTTP, that must be said"):
            await registry.head_manifest("xkit/team-a/crm", "latest")


async def test_a_server_that_is_no_registry_is_said_to_be_none(wire: Wire, registry: Registry) -> None:
    wire.fault = lambda _: web.Response(text="<html>")
    with pytest.raises(RegistryRefused, match="check that it is an OCI registry"):
        await registry.head_manifest("xkit/team-a/crm", "latest")
