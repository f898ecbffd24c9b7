"""What can happen to the stream of a watch, which is one JSON object per line."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

import aiohttp
from aiohttp import web

from tests.chaos.fault import Fault, Strike
from tests.operator.reverse_proxy import begin, hang_up, lines

_LATEST = 2.0  # seconds for which an event waits for the one that is to overtake it
_GONE = {
    "type": "ERROR",
    "object": {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "too old resource version: 1 (2)",
        "reason": "Expired",
        "code": 410,
    },
}


async def disturb(request: web.Request, answer: aiohttp.ClientResponse, strike: Strike) -> web.StreamResponse:
    """Pass a watch on, and do to it what `strike` says."""
    response = begin(request, answer)
    with suppress(ConnectionError):
        await response.prepare(request)
        async with aclosing(lines(answer)) as told:
            for _ in range(strike.after):
                await response.write(await anext(told, b""))
            match strike.fault:
                case Fault.GONE:
                    await response.write(json.dumps(_GONE).encode() + b"\n")
                case Fault.CUT:
                    return hang_up(request)
                case Fault.FROZEN:
                    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                case Fault.DUPLICATED:
                    async for line in told:
                        await response.write(line + line)
                case Fault.REORDERED:
                    async for line in _reordered(told):
                        await response.write(line)
    return response


async def _reordered(events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Each pair of events the other way round; one that no other follows soon comes late and alone."""
    async for first in events:
        coming = asyncio.ensure_future(anext(events, b""))
        try:
            await asyncio.wait({coming}, timeout=_LATEST)
            if coming.done():
                yield await coming
                yield first
            else:
                yield first
                yield await coming
        finally:
            coming.cancel()
