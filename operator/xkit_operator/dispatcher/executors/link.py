"""One connection on the dispatcher's socket: frames in, frames out, nothing about their meaning.

Whoever accepts it is told of each frame and of the end. Frames of one event-loop turn are written together.
"""

import asyncio
from typing import Protocol, cast

from xkit_operator.dispatcher.executors.frames import Frame, FrameDecoder, encode_together
from xkit_operator.errors import InvalidFrame


class LinkOwner(Protocol):
    """Who hears of what happens on a link."""

    def received(self, link: "Link", frame: Frame) -> None:
        """A frame arrived. Raises InvalidFrame when it breaks the protocol: the link is then cut."""

    def lost(self, link: "Link", fault: InvalidFrame | None) -> None:
        """The connection has ended, because of `fault` if there is one."""


class Link(asyncio.Protocol):
    """A connection to the host or to an executor."""

    def __init__(self, owner: LinkOwner) -> None:
        self._owner = owner
        self._decoder = FrameDecoder()
        self._unwritten: list[Frame] = []
        self._fault: InvalidFrame | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._decoder.feed(data):
                self._owner.received(self, frame)
        except InvalidFrame as fault:
            self._fault = fault
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._owner.lost(self, self._fault)

    def send(self, frame_type: int, request_id: int = 0, payload: bytes = b"") -> None:
        """Write a frame before the event loop's next turn."""
        if not self._unwritten:
            self._loop.call_soon(self._flush)
        self._unwritten.append(Frame(frame_type, request_id, payload))

    def close(self) -> None:
        """Hang up, after what was sent before."""
        self._flush()
        self._transport.close()

    def cut(self) -> None:
        """Hang up at once."""
        self._transport.abort()

    def _flush(self) -> None:
        unwritten, self._unwritten = self._unwritten, []
        if unwritten and not self._transport.is_closing():
            self._transport.write(encode_together(unwritten))
