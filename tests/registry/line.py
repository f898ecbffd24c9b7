"""A line between a push and the registry, below HTTP: connections that are cut, stall, drip or die in silence."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Self

Fault = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Line:
    """Each of `faults` spoils one connection; those after them are passed on to the registry."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self.host = ""
        self.faults: list[Fault] = []
        self.opened = 0
        self._alive: list[asyncio.StreamWriter] = []
        self._silent: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def to(cls, upstream: str) -> AsyncIterator[Self]:
        line = cls(upstream)
        server = await asyncio.start_server(line._accept, "127.0.0.1", 0)
        line.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield line
        server.close()
        for task in line._tasks:
            task.cancel()
        await asyncio.gather(*line._tasks, return_exceptions=True)

    def hang_up(self) -> None:
        """Close what is open, as a server does with connections that have rested for long."""
        while self._alive:
            self._alive.pop().close()

    def go_silent(self) -> None:
        """What is open stays open and nothing goes through any more, as a firewall does it."""
        self._silent.update(self._alive)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.faults:
                with suppress(ConnectionError):
                    await self.faults.pop(0)(reader, writer)
                return
            self._alive.append(writer)
            host, _, port = self._upstream.partition(":")
            theirs, ours = await asyncio.open_connection(host, int(port))
            try:
                await asyncio.gather(self._pump(reader, ours, writer), self._pump(theirs, writer, writer))
            finally:
                ours.close()
        finally:
            writer.close()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, connection: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError):
            while data := await source.read(1 << 16):
                if connection not in self._silent:
                    target.write(data)
                    await target.drain()
        target.close()
