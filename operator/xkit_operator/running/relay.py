"""The port that senders know: hands each connection to the generation that serves when it is opened.

Bytes are passed on as they come, so that records, streams and errors are those of the runner itself. A connection stays
with its generation until that has answered what it took: no record is lost when the next one takes over.
"""

import asyncio
from contextlib import suppress
from typing import Self

_PIECE = 2**16


class Relay:
    """A listening port of this machine alone."""

    def __init__(self) -> None:
        self.target = 0
        """Port of the generation that gets new connections."""
        self._server: asyncio.Server

    @classmethod
    async def open(cls, port: int) -> Self:
        """Listen; 0 is any port that is free. Raises OSError."""
        relay = cls()
        relay._server = await asyncio.start_server(relay._connected, "127.0.0.1", port, limit=_PIECE)
        return relay

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Take no more connections; those that are open go on."""
        self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.target, limit=_PIECE)
        except OSError:
            writer.transport.abort()
            return
        asking = asyncio.get_running_loop().create_task(_pass_on(reader, to_writer))
        try:
            await _pass_on(to_reader, writer)  # until the runner ends it, which is when nothing more is to be said
        finally:
            asking.cancel()
            writer.close()
            to_writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_PIECE):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
