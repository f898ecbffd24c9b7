"""An HTTP server on one port: its listener, its connections, their deadlines, and the way out without a reset.

The handler is a function from a request's head to how it is answered. Used twice: for records, and for health
and metrics.
"""

import asyncio
import contextlib
import socket
import time
import traceback

from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.connection import Connection
from xkit_operator.dispatcher.http.exchange import Handler
from xkit_operator.dispatcher.http.listening import BACKLOG, let_nobody_in
from xkit_operator.dispatcher.telemetry.log import Log

MOST_CONNECTIONS = 2048
MOST_BODY_BYTES = 32 * 2**20  # of all connections together; parsed, they take several times as much
MOST_UNREAD_BYTES = 128 * 2**20  # answers that wait for their readers, of all connections together
SWEEP_SECONDS = 0.5
HANDSHAKE_SECONDS = 0.02  # in which a connection is made that the kernel has begun


class Server:
    """A listener and its connections."""

    def __init__(self, handler: Handler, *, log: Log) -> None:
        self.handler = handler
        self.budget = Budget(MOST_BODY_BYTES)
        self.unread = Budget(MOST_UNREAD_BYTES)
        self.date = _date()
        self.is_leaving = False
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._connections: set[Connection] = set()
        self._all_closed = asyncio.Event()
        self._all_closed.set()
        self._listener: socket.socket
        self._server: asyncio.Server
        self._sweeping: asyncio.TimerHandle

    async def start(self, listener: socket.socket) -> int:
        """Serve whoever connects, those who wait already first; returns the port."""
        self._listener = listener
        self._server = await self._loop.create_server(lambda: Connection(self), sock=self._listener, backlog=BACKLOG)
        self._sweep()
        return int(self._listener.getsockname()[1])

    def leave(self) -> None:
        """Make every answer, and each line that a stream has taken, the last of its connection."""
        self.is_leaving = True
        for connection in list(self._connections):
            connection.leave()

    async def stop(self, *, seconds: float) -> bool:
        """Close the listener and what is idle, and wait for the answers that are due; False when they did not come."""
        self.leave()
        await self._close_listener()
        for connection in list(self._connections):
            connection.last_call()
        try:
            await asyncio.wait_for(self._all_closed.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._sweeping.cancel()
        return True

    async def _close_listener(self) -> None:
        """Accept what the kernel has accepted already, for closing the listener would reset it; then close at once."""
        let_nobody_in(self._listener)
        await asyncio.sleep(HANDSHAKE_SECONDS)
        sockets = []
        with contextlib.suppress(BlockingIOError):
            while self._server.is_serving():
                sockets.append(self._listener.accept()[0])
        self._server.close()
        for one in sockets:
            one.setblocking(False)
            await self._loop.connect_accepted_socket(lambda: Connection(self), one)

    def opened(self, connection: Connection) -> bool:
        """See ConnectionOwner."""
        self._connections.add(connection)
        self._all_closed.clear()
        return len(self._connections) <= MOST_CONNECTIONS

    def closed(self, connection: Connection) -> None:
        """See ConnectionOwner."""
        self._connections.discard(connection)
        if not self._connections:
            self._all_closed.set()

    def handler_failed(self, error: Exception) -> None:
        """See ConnectionOwner; the frames of the trace hold no values."""
        trace = "".join(traceback.format_tb(error.__traceback__))
        self._log.error("a fault of the runner itself", error=type(error).__name__, trace=trace)

    def _sweep(self) -> None:
        self.date = _date()
        now = self._loop.time()
        for connection in [one for one in self._connections if one.deadline <= now]:
            connection.time_out()
        self._sweeping = self._loop.call_later(SWEEP_SECONDS, self._sweep)


def _date() -> str:
    """The moment, as RFC 9110 writes it; the locale of a Pod is C, and email.utils would bring a parser of mails."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
