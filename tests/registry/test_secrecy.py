"""No password and no token in an error or a log line, whatever the registry answers, and even when it quotes them."""

import base64
import logging
import traceback
from pathlib import Path

import pytest
from aiohttp import web

from tests.registry.closed import write_entry
from tests.registry.wire import Wire
from xkit_operator.errors import RegistryError
from xkit_operator.image.blob import Blob
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.credentials import Credentials

SECRET = "s3cr3t-v4lue"
AUTH = base64.b64encode(f"me:{SECRET}".encode()).decode()
ENTRIES = {"password": {"auth": AUTH}, "identity token": {"identitytoken": SECRET}, "token": {"registrytoken": SECRET}}
CHALLENGES = {"basic": 'Basic realm="company"', "bearer": 'Bearer realm="http://{}/token",service="s"'}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
@pytest.mark.parametrize("challenge", CHALLENGES)
@pytest.mark.parametrize("entry", ENTRIES)
async def test_nothing_secret_is_told(
    wire: Wire, tmp_path: Path, caplog: pytest.LogCaptureFixture, entry: str, challenge: str, status: int
) -> None:
    def answer(request: web.Request) -> web.Response:
        if request.path == "/token" and status != 400:
            return web.json_response({"token": SECRET})
        shown = request.headers.get("authorization", "")
        words = {"code": "DENIED", "message": f"not you: {shown} {SECRET if shown else ''}"}
        headers = {"www-authenticate": CHALLENGES[challenge].format(wire.host)}
        return web.json_response({"errors": [words]}, status=status if shown else 401, headers=headers)

    wire.fault = answer
    file = write_entry(tmp_path / "login", wire.host, ENTRIES[entry])
    access = Access(plain_http=True, plain_http_login=True, credentials=Credentials(file))
    with caplog.at_level(logging.DEBUG):
        async with Registry(wire.host, access) as registry:
            with pytest.raises(RegistryError) as caught:
                await registry.upload_blob("xkit/team-a/crm", Blob.of(b"some bytes"))
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert f"registry {wire.host}" in str(caught.value)
    assert "xkit/team-a/crm" in str(caught.value)
    assert SECRET not in told
    assert AUTH not in told
