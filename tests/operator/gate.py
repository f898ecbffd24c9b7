"""A gate before the API server or the registry: counts what passes, and strikes at a chosen request."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from tests.operator.reverse_proxy import WRITES, ReverseProxy, begin, hang_up, lines, stream

_BETWEEN = 0.5  # seconds between events that were held: longer than kopf waits for one that makes another old


@dataclass(frozen=True)
class Passed:
    """A request that went through; `size` in bytes of its body."""

    method: str
    path: str
    size: int


class Gate(ReverseProxy):
    """`before` and `after` are called around every write.

    A request that `stalls` picks is never answered while it does; bodies of requests arrive at `bytes_per_second`.
    What `refuse` gives a status for is counted, and answered with it in the upstream's place. What a watch tells whose
    path `holds` picks waits while it does, and comes one by one.
    """

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.requests: Counter[str] = Counter()
        self.passed: list[Passed] = []
        self.stalls: Callable[[str, str], bool] = _never
        self.bytes_per_second: float = math.inf
        self.before: Callable[[str, str], None] = _do_nothing
        self.after: Callable[[str, str], None] = _do_nothing
        self.refuse: Callable[[str, str], int | None] = _refuse_nothing
        self.holds: Callable[[str], bool] = _hold_nothing
        self._open = True

    @property
    def writes(self) -> int:
        """How many writes have passed."""
        return sum(self.requests[method] for method in WRITES)

    def written(self, since: int) -> list[str]:
        """The writes after the first `since` requests, for people to read."""
        return [f"{one.method} {one.path}" for one in self.passed[since:] if one.method in WRITES]

    def shut(self) -> None:
        """Answer every request by hanging up, as a service that is down does."""
        self._open = False

    def reopen(self) -> None:
        self._open = True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await self._read(request)
        while self._open and self.stalls(request.method, request.path):  # noqa: ASYNC110 - asked from another thread
            await asyncio.sleep(0.05)
        if not self._open:
            return hang_up(request)
        write = request.method in WRITES
        if write:
            self.before(request.method, request.path)
        self.requests[request.method] += 1
        self.passed.append(Passed(request.method, request.raw_path, len(body)))
        refusal = self.refuse(request.method, request.path)
        if refusal is not None:
            return web.Response(status=refusal)
        try:
            async with self.ask(request, body) as answer:
                if write:
                    self.after(request.method, request.path)
                return await (self._watch if "watch" in request.query else stream)(request, answer)
        except aiohttp.ClientError:
            return hang_up(request)

    async def _watch(self, request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
        response, late = begin(request, answer), False
        with suppress(ConnectionError):
            await response.prepare(request)
            async for event in lines(answer):
                while self._open and self.holds(request.path):
                    late = True
                    await asyncio.sleep(0.05)
                await response.write(event)
                if late:
                    await asyncio.sleep(_BETWEEN)
        return response

    async def _read(self, request: web.Request) -> bytes:
        """The body, as a slow line brings it: what is not yet read keeps the sender waiting.

        A line that is as slow as it says and no slower, however late each pause ends.
        """
        body, clock = bytearray(), asyncio.get_running_loop()
        due = clock.time()
        async for part in request.content.iter_chunked(2**14):
            if not self._open:
                break
            body += part
            due += len(part) / self.bytes_per_second
            await asyncio.sleep(due - clock.time())
        return bytes(body)


def _never(_method: str, _path: str) -> bool:
    """Stall nothing."""
    return False


def _do_nothing(_method: str, _path: str) -> None:
    """Let the request pass."""


def _refuse_nothing(_method: str, _path: str) -> None:
    """Let the request pass."""


def _hold_nothing(_path: str) -> bool:
    """Let what a watch tells pass."""
    return False
