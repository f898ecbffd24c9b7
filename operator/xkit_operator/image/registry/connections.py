"""Connections to one registry, each for one thread at a time, kept for the next request while they can be trusted.

Whatever is between us and a registry forgets connections that rest, often without a word; a request on one of those
would wait for its timeout. So a connection is kept for seconds only, and none outlives a failure of another.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import requests
from dxf import DXF, DXFBase

from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.counting import Tell, count
from xkit_operator.image.registry.request import session_of
from xkit_operator.image.registry.transport import prepare

TRUSTED_SECONDS = 20.0  # without a request: below the idle limits of servers and load balancers (60 s and more)

Challenged: TypeAlias = Callable[[DXFBase, requests.Response], None]


class Connections:
    """`challenged` is called with every 401, and may set the headers with which the request is made again.

    `tell` hears of every request.
    """

    def __init__(self, address: str, access: Access, challenged: Challenged, tell: Tell, *, timeout: float) -> None:
        self._address = address
        self._access = access
        self._challenged = challenged
        self._tell = tell
        self._timeout = timeout
        self._resting: list[tuple[float, DXFBase]] = []

    @contextmanager
    def to(self, repository: str) -> Iterator[DXF]:
        """A client for one repository, on a connection that nobody else uses meanwhile."""
        connection = self._take() or self._open()
        try:
            yield DXF.from_base(connection, repository)
        except BaseException:
            _close(connection)
            self.close()
            raise
        self._resting.append((time.monotonic(), connection))

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._resting:
            _close(self._resting.pop()[1])

    def _take(self) -> DXFBase | None:
        try:
            since, connection = self._resting.pop()
        except IndexError:  # asking first would not help: another thread may take the last one in between
            return None
        if time.monotonic() - since < TRUSTED_SECONDS:
            return connection
        _close(connection)
        self.close()  # the one that rested last is at the end
        return None

    def _open(self) -> DXFBase:
        access = self._access
        connection = DXFBase(
            self._address,
            auth=self._challenged,
            insecure=access.plain_http,
            tlsverify=str(access.authorities) if access.authorities else True,
            timeout=self._timeout,
        ).__enter__()
        prepare(session_of(connection))
        count(session_of(connection), self._tell)
        return connection


def _close(connection: DXFBase) -> None:
    connection.__exit__(None, None, None)  # type: ignore[no-untyped-call] # the library's own way to close a session
