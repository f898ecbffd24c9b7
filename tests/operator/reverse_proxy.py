"""A reverse proxy before the API server or the registry, in a thread of its own: a subclass decides what it does."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from io import BytesIO

import aiohttp
from aiohttp import web
from yarl import URL

from tests.waiting import PATIENCE

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FAREWELL = 0.25  # seconds in which connections with TLS close, which nothing tells
_KEPT_BACK = frozenset({"content-length", "transfer-encoding", "connection"})


class ReverseProxy:
    """Plain HTTP on `host`, in the place of `upstream`; `tls` is how to speak to an upstream with https.

    It runs in a thread of its own, so that a test may wait without keeping it from working.
    """

    def __init__(self, upstream: str, *, tls: ssl.SSLContext | None = None) -> None:
        self.upstream = upstream
        self.host = ""
        self._tls = tls
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(PATIENCE)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """What becomes of a request."""
        raise NotImplementedError

    def ask(self, request: web.Request, body: bytes) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """The answer of the upstream to `request`. Raises aiohttp.ClientError."""
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _KEPT_BACK}
        url = URL(f"{self.upstream}{request.raw_path}", encoded=True)  # the registry signs its addresses as they are
        return self._session.request(
            request.method, url, data=BytesIO(body) if body else None, headers=headers, allow_redirects=False
        )

    async def _serve(self) -> None:
        timeout, connector = aiohttp.ClientTimeout(), aiohttp.TCPConnector(ssl=self._tls or True, limit=0)
        async with aiohttp.ClientSession(auto_decompress=False, timeout=timeout, connector=connector) as self._session:
            application = web.Application(client_max_size=2**30)
            application.router.add_route("*", "/{path:.*}", self.handle)
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.host = f"{host}:{port}"
            self._started.set()
            await self._stop.wait()
            await runner.cleanup()
            watches = asyncio.all_tasks() - {asyncio.current_task()}  # they never end by themselves
            for task in watches:
                task.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
        await asyncio.sleep(_FAREWELL)


def begin(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    """A response like `answer`, without its body."""
    # The answer to a HEAD has no body to count: what it says of a length is the answer.
    kept_back = _KEPT_BACK if request.method != "HEAD" else _KEPT_BACK - {"content-length"}
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in kept_back}
    return web.StreamResponse(status=answer.status, headers=kept)


async def stream(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    """Pass `answer` on, piece by piece as it comes."""
    response = begin(request, answer)
    with suppress(ConnectionError):
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
    return response


async def lines(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Each line of `answer` as it comes: an event, if it is a watch."""
    rest = b""
    async for chunk in answer.content.iter_any():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line + b"\n"


def hang_up(request: web.Request) -> web.Response:
    """Break the connection in the place of an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
