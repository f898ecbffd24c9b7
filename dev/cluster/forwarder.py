"""Carries connections from 127.0.0.1 on the host to the same port of the node; a process of the supervisor's.

The listening sockets were opened on the host and inherited, so they belong to the host's network, while everything
that this process opens itself belongs to the cluster's.
"""

import asyncio
import socket
import sys

from dev.cluster.identity import NODE_ADDRESS

_CHUNK = 1 << 18


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        writer.write_eof()  # only this direction ends: `kubectl exec -i` and `cp` hang otherwise
    except OSError:
        writer.close()


async def _serve(listener: socket.socket) -> None:
    port = listener.getsockname()[1]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection(NODE_ADDRESS, port)
        except OSError:
            writer.transport.abort()  # whoever connects sees a reset, as from a closed port
            return
        try:
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        finally:
            inner_writer.close()
            writer.close()

    await asyncio.start_server(handle, sock=listener)


async def forward(descriptors: list[int]) -> None:
    """Serve the listening sockets `descriptors` for ever."""
    servers = [_serve(socket.socket(fileno=descriptor)) for descriptor in descriptors]
    await asyncio.gather(*servers)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(forward([int(number) for number in sys.argv[1].split(",")]))
