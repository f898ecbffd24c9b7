"""One HTTP connection: requests answered in order, one after the other, each phase within its time.

The reader takes bytes apart; the handler answers. A connection is closed by its writing half first and drained for a
moment, for closing over unread bytes would reset it before the last answer is read.
"""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol, cast

from xkit_operator.dispatcher.exchange import Request, Response, refuse
from xkit_operator.dispatcher.outcome import Code, Failure
from xkit_operator.dispatcher.request_reader import Budget, Incoming, Phase, RequestReader

SECONDS = {Phase.IDLE: 75.0, Phase.HEAD: 10.0, Phase.BODY: 30.0}
LINGER_SECONDS = 2.0
LAST_CALL_SECONDS = 0.5
_NEVER = float("inf")
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}

Handler = Callable[[Request], Awaitable[Response]]


class ConnectionOwner(Protocol):
    """The server, as a connection knows it."""

    budget: Budget
    handler: Handler
    date: str
    is_leaving: bool
    """Whether every answer is the last of its connection."""

    def opened(self, connection: "Connection") -> bool:
        """Take note of a new connection; False when there are too many."""

    def closed(self, connection: "Connection") -> None:
        """Take note of the end of a connection."""

    def handler_failed(self, error: Exception) -> None:
        """Take note of a fault of our own."""


class Connection(asyncio.Protocol):
    """The server's side of one connection."""

    def __init__(self, owner: ConnectionOwner) -> None:
        self._owner = owner
        self._reader = RequestReader(owner.budget)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._task: asyncio.Task[None] | None = None
        self._is_lingering = False
        self._is_choked = False  # the peer does not read what we write
        self._peer_has_finished = False
        self._waits_for: tuple[Phase, int] | None = None
        self.deadline = _NEVER
        """When `time_out` is to be called, in the event loop's time."""

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._owner.opened(self):
            self._expect()
        else:
            self._write(refuse(Failure(Code.TOO_MANY_CONNECTIONS, "too many connections", 1)), last=True)
            self._linger()

    def data_received(self, data: bytes) -> None:
        if self._is_lingering:
            return
        self._reader.feed(data)
        self._proceed()
        if self._reader.complete:  # more than one request has come: read on when they are answered
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        self._peer_has_finished = True
        return self._task is not None or bool(self._reader.complete)  # what was asked is still answered

    def pause_writing(self) -> None:
        self._is_choked = True

    def resume_writing(self) -> None:
        self._is_choked = False
        self._proceed()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lingering = True
        self._reader.abandon()
        self._owner.closed(self)

    # What the server calls

    def time_out(self) -> None:
        """The deadline has passed."""
        if self._is_lingering or self._is_choked:
            self._transport.abort()
        elif self._reader.phase is Phase.IDLE:
            self.close_if_idle()
        else:
            self._reader.time_out()
            self._proceed()

    def last_call(self) -> None:
        """Close soon unless a request comes: on an idle connection one may be on its way at this very moment."""
        if self._is_idle:
            self.deadline = self._loop.time() + LAST_CALL_SECONDS

    def close_if_idle(self) -> None:
        """Close unless a request is being read or answered."""
        if self._is_idle:
            self._linger()

    @property
    def _is_idle(self) -> bool:
        return self._task is None and self._reader.phase is Phase.IDLE and not self._is_lingering

    def _proceed(self) -> None:
        """Answer what is complete, else the refusal, else wait for more."""
        if self._task is not None or self._is_lingering or self._is_choked:
            return
        reader = self._reader
        if reader.complete:
            self.deadline = _NEVER
            self._task = self._loop.create_task(self._answer(reader.complete.popleft()))
        elif reader.refusal is not None:
            self._write(refuse(reader.refusal), last=True)
            self._linger()
        elif self._peer_has_finished:
            self._transport.close()
        else:
            if reader.wants_continue:
                reader.wants_continue = False
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._expect()

    async def _answer(self, incoming: Incoming) -> None:
        try:
            response = await self._owner.handler(incoming.request)
        except Exception as error:  # noqa: BLE001 - the outermost loop of a request: one fault must not end the rest
            self._owner.handler_failed(error)
            response = refuse(Failure(Code.INTERNAL_ERROR, "the runner made a mistake; its log says more"))
        self._owner.budget.give_back(incoming.taken)
        self._task = None
        if self._transport.is_closing():
            return
        last = self._owner.is_leaving or not incoming.keep_alive
        self._write(response, last=last, incoming=incoming)
        if last:
            self._linger()
        else:
            self._proceed()
            if not self._reader.complete and not self._transport.is_reading():
                self._transport.resume_reading()

    def _write(self, response: Response, *, last: bool, incoming: Incoming | None = None) -> None:
        more = "".join(f"{name}: {value}\r\n" for name, value in response.headers) if response.headers else ""
        if last:
            more += "connection: close\r\n"
        elif incoming is not None and incoming.is_http_1_0:
            more += "connection: keep-alive\r\n"
        head = (
            f"{_STATUS_LINES[response.status]}content-type: {response.media_type.value}\r\n"
            f"content-length: {len(response.body)}\r\ndate: {self._owner.date}\r\n{more}\r\n"
        )
        has_body = incoming is None or incoming.request.method != b"HEAD"
        self._transport.write(head.encode("latin-1") + (response.body if has_body else b""))

    def _expect(self) -> None:
        waits_for = (self._reader.phase, self._reader.begun)
        if waits_for != self._waits_for or self.deadline == _NEVER:
            self._waits_for = waits_for
            self.deadline = self._loop.time() + SECONDS[self._reader.phase]

    def _linger(self) -> None:
        self._is_lingering = True
        self.deadline = self._loop.time() + LINGER_SECONDS
        self._reader.abandon()
        if self._peer_has_finished:
            self._transport.close()
        elif not self._transport.is_closing():
            self._transport.write_eof()
            self._transport.resume_reading()


def http_date() -> str:
    """The moment, as the Date header wants it."""
    return formatdate(usegmt=True)
