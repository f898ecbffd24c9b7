"""What a connection writes: whole responses, and responses line by line. Knows whether the peer reads them."""

import asyncio
from http import HTTPStatus
from typing import Protocol

from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.exchange import MediaType, Response

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}


class OutletOwner(Protocol):
    """The server, as what is written needs it."""

    date: str
    """The moment, as the Date header wants it."""
    unread: Budget
    """Of the answers that wait for their readers."""


class Outlet:
    """The writing half of one connection."""

    def __init__(self, transport: asyncio.Transport, owner: OutletOwner) -> None:
        self._transport = transport
        self._owner = owner
        self._unread = 0
        self._until_read: asyncio.Future[None] | None = None

    @property
    def is_choked(self) -> bool:
        """Whether the peer does not read what has been written."""
        return self._until_read is not None

    def choke(self) -> None:
        """Too much is unread; too much of all connections together hangs up."""
        self._until_read = asyncio.get_running_loop().create_future()
        self._unread = self._transport.get_write_buffer_size()
        if not self._owner.unread.take(self._unread):
            self._unread = 0
            self._transport.abort()

    def unchoke(self) -> None:
        """Enough has been read, or nobody will ever read it."""
        if self._until_read is not None:
            self._owner.unread.give_back(self._unread)
            self._until_read.set_result(None)
            self._until_read = None

    async def read(self) -> None:
        """Wait until the peer has read enough."""
        if self._until_read is not None:
            await self._until_read

    def respond(self, response: Response, *, is_last: bool, is_http_1_0: bool = False, has_body: bool = True) -> None:
        """Write a whole response; `is_last` says that the connection ends with it."""
        more = "".join(f"{name}: {value}\r\n" for name, value in response.headers) if response.headers else ""
        if is_last:
            more += "connection: close\r\n"
        elif is_http_1_0:
            more += "connection: keep-alive\r\n"
        head = (
            f"{_STATUS_LINES[response.status]}content-type: {response.media_type.value}\r\n"
            f"content-length: {len(response.body)}\r\ndate: {self._owner.date}\r\n{more}\r\n"
        )
        self._write(head.encode("latin-1") + (response.body if has_body else b""))

    def bid_continue(self) -> None:
        """Have a sender that asked first send its body."""
        self._write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def begin_lines(self, *, is_last: bool) -> None:
        """Write the head of a response whose lines follow."""
        more = "connection: close\r\n" if is_last else ""
        head = (
            f"{_STATUS_LINES[200]}content-type: {MediaType.LINES.value}\r\n"
            f"transfer-encoding: chunked\r\ndate: {self._owner.date}\r\n{more}\r\n"
        )
        self._write(head.encode("latin-1"))

    def line(self, text: bytes) -> None:
        """Write a line; `text` has no line feed."""
        self._write(b"%x\r\n%b\n\r\n" % (len(text) + 1, text))

    def end_lines(self) -> None:
        """No more lines follow."""
        self._write(b"0\r\n\r\n")

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)
