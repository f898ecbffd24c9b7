"""A reverse proxy before the API server or the registry: counts what passes, and strikes at a chosen request."""

import asyncio
import math
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import aiohttp
from aiohttp import web
from yarl import URL

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT_BACK = frozenset({"content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True)
class Passed:
    """A request that went through; `size` in bytes of its body."""

    method: str
    path: str
    size: int


class Gate:
    """Plain HTTP on `host`, passed on to `upstream`. `before` and `after` are called around every write.

    A request that `stalls` picks is never answered while it does; bodies of requests arrive at `bytes_per_second`.
    What `refuse` gives a status for is counted, and answered with it in the upstream's place.

    It runs in a thread of its own, so that a test may wait without keeping it from working.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.host = ""
        self.requests: Counter[str] = Counter()
        self.passed: list[Passed] = []
        self.stalls: Callable[[str, str], bool] = _never
        self.bytes_per_second: float = math.inf
        self.before: Callable[[str, str], None] = _do_nothing
        self.after: Callable[[str, str], None] = _do_nothing
        self.refuse: Callable[[str, str], int | None] = _refuse_nothing
        self._open = True
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    @property
    def writes(self) -> int:
        """How many writes have passed."""
        return sum(self.requests[method] for method in WRITES)

    def written(self, since: int) -> list[str]:
        """The writes after the first `since` requests, for people to read."""
        return [f"{one.method} {one.path}" for one in self.passed[since:] if one.method in WRITES]

    def start(self) -> None:
        self._thread.start()
        self._started.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    def shut(self) -> None:
        """Answer every request by hanging up, as a service that is down does."""
        self._open = False

    def reopen(self) -> None:
        self._open = True

    async def _serve(self) -> None:
        async with aiohttp.ClientSession(auto_decompress=False, timeout=aiohttp.ClientTimeout()) as self._session:
            application = web.Application(client_max_size=2**30)
            application.router.add_route("*", "/{path:.*}", self._handle)
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

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await self._read(request)
        while self._open and self.stalls(request.method, request.path):  # noqa: ASYNC110 - asked from another thread
            await asyncio.sleep(0.05)
        if not self._open:
            return _hang_up(request)
        write = request.method in WRITES
        if write:
            self.before(request.method, request.path)
        self.requests[request.method] += 1
        self.passed.append(Passed(request.method, request.raw_path, len(body)))
        refusal = self.refuse(request.method, request.path)
        if refusal is not None:
            return web.Response(status=refusal)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _KEPT_BACK}
        url = URL(f"{self.upstream}{request.raw_path}", encoded=True)  # the registry signs its addresses as they are
        try:
            async with self._session.request(
                request.method, url, data=BytesIO(body) if body else None, headers=headers, allow_redirects=False
            ) as answer:
                if write:
                    self.after(request.method, request.path)
                return await _stream(request, answer)
        except aiohttp.ClientError:
            return _hang_up(request)

    async def _read(self, request: web.Request) -> bytes:
        """The body, as a slow line brings it: what is not yet read keeps the sender waiting."""
        body = bytearray()
        async for part in request.content.iter_chunked(2**14):
            body += part
            await asyncio.sleep(len(part) / self.bytes_per_second)
        return bytes(body)


async def _stream(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    # The answer to a HEAD has no body to count: what it says of a length is the answer.
    kept_back = _KEPT_BACK if request.method != "HEAD" else _KEPT_BACK - {"content-length"}
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in kept_back}
    response = web.StreamResponse(status=answer.status, headers=kept)
    with suppress(ConnectionError):
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
    return response


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _never(_method: str, _path: str) -> bool:
    """Stall nothing."""
    return False


def _do_nothing(_method: str, _path: str) -> None:
    """Let the request pass."""


def _refuse_nothing(_method: str, _path: str) -> None:
    """Let the request pass."""
