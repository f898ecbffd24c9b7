"""The fault proxy: stands between the operator and a server, and lets a plan strike what passes."""

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from tests.chaos.call import Call
from tests.chaos.fault import Fault, Plan, Strike, calm
from tests.chaos.watches import disturb
from tests.operator.reverse_proxy import ReverseProxy, hang_up, stream


@dataclass
class Passed:
    """What went on: the calls that reached the server, and the strikes, each with its monotonic time."""

    calls: list[tuple[float, Call]] = field(default_factory=list)
    strikes: list[tuple[float, Call, Strike]] = field(default_factory=list)

    def writes(self, since: float) -> list[str]:
        """The writes that reached the server since then, for people to read."""
        return [f"{call.method} {call.address}" for when, call in self.calls if when >= since and call.write]


class Turmoil(ReverseProxy):
    """`plan` may be exchanged at any time; `kill` is the operator's kill -9."""

    def __init__(self, upstream: str, kill: Callable[[], None], *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(upstream, tls=tls)
        self.plan: Plan = calm
        self.passed = Passed()
        self._kill = kill

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        call = Call.of(request)
        strike = self.plan(call)
        if strike is None:
            return await self._serve_call(request, call, body)
        self.passed.strikes.append((time.monotonic(), call, strike))
        return await self._struck(request, call, body, strike)

    async def _struck(self, request: web.Request, call: Call, body: bytes, strike: Strike) -> web.StreamResponse:
        match strike.fault:
            case Fault.CONFLICT:
                return _status(409, "Conflict", "the object has been modified")
            case Fault.BUSY:
                return _status(429, "TooManyRequests", "too many requests", {"Retry-After": "1"})
            case Fault.BROKEN:
                return _status(500, "", "etcdserver: leader changed")
            case Fault.SILENT:
                await _given_up(request)
                return hang_up(request)
            case Fault.RESET:
                return hang_up(request)
            case Fault.KILLED_BEFORE:
                self._kill()
                return hang_up(request)
            case _:
                return await self._serve_call(request, call, body, strike)

    async def _serve_call(
        self, request: web.Request, call: Call, body: bytes, strike: Strike | None = None
    ) -> web.StreamResponse:
        try:
            async with self.ask(request, body) as answer:
                self.passed.calls.append((time.monotonic(), call))
                if strike is None:
                    return await stream(request, answer)
                if strike.fault.of_watches:
                    return await disturb(request, answer, strike)
                await answer.read()
        except aiohttp.ClientError:
            return hang_up(request)
        if strike.fault is Fault.KILLED_AFTER:
            self._kill()
        return hang_up(request)


async def _given_up(request: web.Request) -> None:
    """Wait until the client has hung up."""
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 - tells nobody
        await asyncio.sleep(0.1)


def _status(code: int, reason: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    """An answer as the API server words it; the registry's clients look at its code alone."""
    said = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason}
    text = json.dumps(said | {"message": message})
    return web.Response(status=code, text=text, content_type="application/json", headers=headers)
