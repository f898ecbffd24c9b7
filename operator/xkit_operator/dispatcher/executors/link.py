"""One connection on the dispatcher's socket: frames in, frames out, nothing about their meaning.

Whoever accepts it is told of each frame and of the end. Frames of one event-loop turn are written together.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol, cast

from xkit_operator.dispatcher.executors.frames import Frame, FrameDecoder, encode, encode_calls
from xkit_operator.errors import InvalidFrame


class LinkOwner(Protocol):
    """Who hears of what happens on a link."""

    def received(self, link: "Link", frames: Sequence[Frame]) -> None:
        """Frames arrived together. Raises InvalidFrame when one breaks the protocol: the link is then cut."""

    def lost(self, link: "Link", fault: InvalidFrame | None) -> None:
        """The connection has ended, because of `fault` if there is one."""


class Link(asyncio.Protocol):
    """A connection to the host or to an executor."""

    def __init__(self, owner: LinkOwner) -> None:
        self._owner = owner
        self._decoder = FrameDecoder()
        self._unwritten: list[bytes] = []
        self._first_id = 0
        self._calls: list[bytes] = []  # those that may share a frame, the first of them with that id
        self._fault: InvalidFrame | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._owner.received(self, self._decoder.feed(data))
        except InvalidFrame as fault:
            self._fault = fault
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._owner.lost(self, self._fault)

    def send(self, frame_type: int, request_id: int = 0, payload: bytes = b"") -> None:
        """Write a frame before the event loop's next turn."""
        self._schedule()
        self._write_calls()
        self._unwritten.append(encode(frame_type, request_id, payload))

    def invoke(self, first_id: int, calls: Sequence[bytes]) -> None:
        """Write calls as `send` would; their ids are in a row, and follow those of the calls before."""
        self._schedule()
        if not self._calls:
            self._first_id = first_id
        self._calls += calls

    def close(self) -> None:
        """Hang up, after what was sent before."""
        self._flush()
        self._transport.close()

    def cut(self) -> None:
        """Hang up at once."""
        self._transport.abort()

    def _schedule(self) -> None:
        if not self._unwritten and not self._calls:
            self._loop.call_soon(self._flush)

    def _write_calls(self) -> None:
        if self._calls:
            self._unwritten += encode_calls(self._first_id, self._calls)
            self._calls = []

    def _flush(self) -> None:
        self._write_calls()
        unwritten, self._unwritten = self._unwritten, []
        if unwritten and not self._transport.is_closing():
            self._transport.write(b"".join(unwritten))
