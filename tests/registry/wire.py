"""A recording proxy between a push and the registry: what was asked, how many bytes it took, and faults on demand."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

_FRAMING = ("content-length", "transfer-encoding")  # belongs to one connection


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    size: int  # bytes of the body
    status: int
    authorization: str | None = None

    @property
    def mounts(self) -> bool:
        """Whether it would share a blob of another repository."""
        path, _, query = self.path.partition("?")
        source = parse_qs(query).get("from", [""])[0]
        return self.method == "POST" and source != "" and f"/v2/{source}/" not in path


Fault = Callable[[web.Request], web.Response | None]
Amendment = Callable[[web.Request, web.Response], None]


def no_fault(_: web.Request) -> None:
    """Let every request pass."""


def unchanged(_: web.Request, __: web.Response) -> None:
    """Leave every answer of the registry as it is."""


def as_asked(path: str) -> str:
    """Ask the registry what the client asks."""
    return path


Delay = Callable[[web.Request], Awaitable[None]]


async def no_delay(_: web.Request) -> None:
    """Hold up no request."""


@dataclass
class Wire:
    """`host` is where a client finds it.

    `fault` may answer in the registry's place, `amend` change what it answers, `path` what it is asked; `delay` may
    hold a request up.
    """

    upstream: str
    host: str = ""
    requests: list[Request] = field(default_factory=list)
    fault: Fault = no_fault
    amend: Amendment = unchanged
    path: Callable[[str], str] = as_asked
    delay: Delay = no_delay

    @property
    def uploaded(self) -> int:
        return sum(request.size for request in self.requests)

    def methods(self) -> list[str]:
        return [request.method for request in self.requests]

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        await self.delay(request)
        answer = self.fault(request)
        if answer is None:
            answer = await self._pass_on(request, body)
            self.amend(request, answer)
        authorization = request.headers.get("authorization")
        self.requests.append(Request(request.method, request.raw_path, len(body), answer.status, authorization))
        return answer

    async def _pass_on(self, request: web.Request, body: bytes) -> web.Response:
        # With the client's own Host header the registry answers with locations on this proxy.
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in _FRAMING]
        url = f"http://{self.upstream}{self.path(request.raw_path)}"
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(
                request.method, url, data=io.BytesIO(body), headers=headers, allow_redirects=False
            ) as answer,
        ):
            kept = {name: value for name, value in answer.headers.items() if name.lower() != "transfer-encoding"}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())


@asynccontextmanager
async def wire_to(upstream: str) -> AsyncIterator[Wire]:
    """A wire on a free port of loopback, in the running loop."""
    wire = Wire(upstream=upstream)
    app = web.Application(client_max_size=2**30)
    app.router.add_route("*", "/{path:.*}", wire.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    wire.host = f"{host}:{port}"
    try:
        yield wire
    finally:
        await runner.cleanup()
