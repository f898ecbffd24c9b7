"""An API server that keeps one Lease: it takes its time, loses answers, and carries out what nobody waits for any more.

It follows the server's rules for resourceVersion; times are those of the event loop.
"""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from xkit_operator.errors import ApiConflict, ApiUnreachable
from xkit_operator.kube.lease import Lease, Terms

Object = dict[str, Any]

NOON = datetime(2030, 1, 31, 12, tzinfo=UTC)


@dataclass
class Line:
    """The way of one process to the server: seconds there, seconds back, and whether anything comes through."""

    there: Callable[[], float] = lambda: 0.01
    back: Callable[[], float] = lambda: 0.01
    cut: bool = False


class LeaseServer:
    """What all processes share."""

    def __init__(self) -> None:
        self.stored: Object | None = None
        self.writes = 0
        self._version = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    def edit(self, **spec: Any) -> None:
        """Change the record as somebody with kubectl would."""
        assert self.stored is not None
        self._store(self.stored | {"spec": self.stored["spec"] | spec})

    def read(self) -> Object | None:
        return copy.deepcopy(self.stored)

    def create(self, obj: Object) -> Object:
        if self.stored is not None:
            raise ApiConflict("there is one")
        return self._store(obj)

    def replace(self, obj: Object) -> Object:
        version = obj["metadata"]["resourceVersion"]
        if self.stored is None or self.stored["metadata"]["resourceVersion"] != version:
            raise ApiConflict("it has changed")
        return self._store(obj)

    def carry_out(self, work: Any) -> "asyncio.Task[Any]":
        """As a request that has left: whoever sent it may go away."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return task

    def _store(self, obj: Object) -> Object:
        self.writes += 1
        self._version += 1
        self.stored = copy.deepcopy(obj)
        self.stored["metadata"] |= {"resourceVersion": str(self._version)}
        return copy.deepcopy(self.stored)


class Client:
    """What one process has of the server: `xkit_operator.kube.lease.Leases`."""

    def __init__(self, server: LeaseServer, line: Line | None = None) -> None:
        self._server = server
        self.line = line or Line()

    async def find(self, kind: str, *, namespace: str, name: str) -> Object | None:
        return await self._send(self._server.read)

    async def create(self, obj: Object) -> Object:
        return await self._send(self._server.create, obj)

    async def replace(self, obj: Object) -> Object:
        return await self._send(self._server.replace, obj)

    async def _send(self, operation: Callable[..., Any], *arguments: Object) -> Any:
        if self.line.cut:
            await asyncio.sleep(60)
            raise ApiUnreachable("no answer")

        async def arrive() -> Any:
            await asyncio.sleep(self.line.there())
            return operation(*copy.deepcopy(arguments))

        answer = await asyncio.shield(self._server.carry_out(arrive()))
        await asyncio.sleep(self.line.back())
        return answer


class WallClock:
    """The time of day, which somebody may set."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return NOON + timedelta(seconds=asyncio.get_running_loop().time()) + self.ahead


def lease(
    server: LeaseServer, identity: str, *, line: Line | None = None, wall: WallClock | None = None, pace: float = 1
) -> Lease:
    """The Lease as one process sees it; its monotonic clock has a `pace` of its own."""
    loop = asyncio.get_running_loop()
    return Lease(
        Client(server, line),
        namespace="xkit-system",
        name="xo",
        identity=identity,
        terms=Terms(),
        clock=lambda: loop.time() * pace,
        now=wall or WallClock(),
    )
