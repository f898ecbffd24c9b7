"""One HTTP connection: requests answered in order, one after the other, each phase within its time.

The reader takes bytes apart; the handler answers. A stream is read no faster than it is answered, and answered no
faster than its sender reads. No connection is closed without a word, for a request may be on its way; then by its
writing half first and drained for a moment, for closing over unread bytes would reset it before that word is read.
"""

import asyncio
from typing import Protocol, cast

from xkit_operator.dispatcher.http.answering import Answering, AnsweringOwner
from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.exchange import Handler, refuse
from xkit_operator.dispatcher.http.outlet import Outlet
from xkit_operator.dispatcher.http.request import Phase, StreamRequest, WholeRequest
from xkit_operator.dispatcher.http.request_reader import RequestReader
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure

SECONDS = {Phase.IDLE: 75.0, Phase.HEAD: 10.0, Phase.BODY: 30.0, Phase.STREAM: 75.0}
CHOKED_SECONDS = 30.0
LINGER_SECONDS = 2.0
LAST_CALL_SECONDS = 0.5
LAST_LOOK_SECONDS = 0.01  # a busy event loop comes to its timers before it reads what has arrived meanwhile
_MUCH = 32 * 2**10  # bytes at once, after which others get their turn: libuv reads a connection up to 32 times in one
_NEVER = float("inf")

_IDLE = Failure(Code.REQUEST_TIMEOUT, "no request came for too long; the connection ends")
_LEAVING = Failure(Code.SHUTTING_DOWN, "this Pod is shutting down; no request was read", 1)


class ConnectionOwner(AnsweringOwner, Protocol):
    """The server, as a connection knows it."""

    handler: Handler
    date: str
    unread: Budget

    def opened(self, connection: "Connection") -> bool:
        """Take note of a new connection; False when there are too many."""

    def closed(self, connection: "Connection") -> None:
        """Take note of the end of a connection."""


class Connection(asyncio.Protocol):
    """The server's side of one connection."""

    def __init__(self, owner: ConnectionOwner) -> None:
        self._owner = owner
        self._reader = RequestReader(owner.budget, handler=owner.handler, on_room=self._set_reading)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._outlet: Outlet
        self._task: asyncio.Task[None] | None = None
        self._answering: Answering
        self._is_lingering = False
        self._peer_has_finished = False
        self._rests = False  # others get their turn before more is read
        self._waits_for: tuple[Phase, int] | None = None
        self.deadline = _NEVER
        """When `time_out` is to be called, in the event loop's time."""

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._outlet = Outlet(self._transport, self._owner)
        self._answering = Answering(self._owner, self._outlet, on_line=self._watch_stream)
        if self._owner.opened(self):
            self._expect()
        else:
            self._outlet.respond(refuse(Failure(Code.TOO_MANY_CONNECTIONS, "too many connections", 1)), is_last=True)
            self._linger()

    def data_received(self, data: bytes) -> None:
        if self._is_lingering:
            return
        self._reader.feed(data)
        self._proceed()
        if len(data) >= _MUCH:
            self._rests = True
            self._loop.call_soon(self._rest_is_over)
        self._set_reading()

    def eof_received(self) -> bool:
        self._peer_has_finished = True
        if self._reader.lines is not None:
            self._reader.lines.finish(Failure(Code.MALFORMED_REQUEST, "the body has no end"))
        return self._task is not None or bool(self._reader.received)  # what was asked is still answered

    def pause_writing(self) -> None:
        self._outlet.choke()
        self.deadline = self._loop.time() + CHOKED_SECONDS

    def resume_writing(self) -> None:
        self._outlet.unchoke()
        self.deadline = _NEVER
        self._proceed()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lingering = True
        self._reader.abandon()
        if self._answering.lines is not None:
            self._answering.lines.abandon()
        self._outlet.unchoke()
        self._owner.closed(self)

    # What the server calls

    def time_out(self) -> None:
        """The deadline has passed."""
        if self._is_lingering or self._outlet.is_choked:
            self._transport.abort()
        elif self._reader.phase is Phase.IDLE:
            self._loop.call_later(LAST_LOOK_SECONDS, self.close_if_idle)
        else:
            self._reader.time_out()
            self._proceed()

    def leave(self) -> None:
        """Take no more lines of a stream: what has been taken is its end."""
        if self._answering.lines is not None:
            self._answering.lines.leave()

    def last_call(self) -> None:
        """Close soon unless a request comes: on an idle connection one may be on its way at this very moment."""
        if self._is_idle:
            self.deadline = self._loop.time() + LAST_CALL_SECONDS

    def close_if_idle(self) -> None:
        """Close unless a request is being read or answered; one that crosses with the end reads that it was not."""
        if self._is_idle:
            self._outlet.respond(refuse(_LEAVING if self._owner.is_leaving else _IDLE), is_last=True)
            self._linger()

    @property
    def _is_idle(self) -> bool:
        return self._task is None and self._reader.phase is Phase.IDLE and not self._is_lingering

    def _proceed(self) -> None:
        """Answer what has been received, else the refusal, else wait for more."""
        if self._is_lingering or self._outlet.is_choked:
            return
        reader = self._reader
        if self._task is not None:
            self._watch_stream()
        elif reader.received:
            self.deadline = _NEVER
            self._task = self._loop.create_task(self._answer(reader.received.popleft()))
        elif reader.refusal is not None:
            self._outlet.respond(reader.refusal, is_last=True, has_body=not reader.is_head)
            self._linger()
        elif self._peer_has_finished:
            self._transport.close()
        else:
            self._bid_continue()
            self._expect()

    async def _answer(self, request: WholeRequest | StreamRequest) -> None:
        if self._reader.phase is Phase.STREAM:
            self._bid_continue()
        is_last = await self._answering.answer(request)
        is_cut_short = isinstance(request, StreamRequest) and self._reader.lines is request.lines
        self._task = None
        if is_last or is_cut_short:
            self._linger()
        else:
            self._proceed()
            self._set_reading()

    def _bid_continue(self) -> None:
        if self._reader.wants_continue:
            self._reader.wants_continue = False
            self._outlet.bid_continue()

    def _set_reading(self) -> None:
        """Read on unless another request waits to be answered, or the stream is full."""
        reader = self._reader
        is_full = reader.lines is not None and reader.lines.is_full
        wanted = self._is_lingering or not (is_full or reader.received or self._rests)
        if self._transport.is_closing() or wanted == self._transport.is_reading():
            return
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _rest_is_over(self) -> None:
        self._rests = False
        self._set_reading()

    def _watch_stream(self) -> None:
        """A stream has its time while it is for the sender to send."""
        lines = self._answering.lines
        if lines is not None and not self._outlet.is_choked:
            waits = self._reader.phase is Phase.STREAM and lines.is_idle
            self.deadline = self._loop.time() + SECONDS[Phase.STREAM] if waits else _NEVER

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
            self._set_reading()
