"""HTTP to a registry as `requests` speaks it, with a limit to the time that a whole answer may take.

The timeout of `requests` is for one read of a socket: a peer that sends a byte now and then would keep a thread for
hours. Here the same number of seconds holds from the end of the request to the last byte of the answer.
"""

import io
import socket
import time
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _Answer(io.RawIOBase):
    """What a socket has to say, until its timeout is over: from now on, not from the last byte on."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket) -> None:
        self._raw = raw
        self._socket = connection
        self._seconds = connection.gettimeout()
        self._since = time.monotonic()
        self.in_head = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._read(buffer)
        if count == 0 and self.in_head:
            # The standard library would take the headers before the cut for all of them.
            raise ConnectionResetError("it closed the connection before the end of its answer")
        return count

    def _read(self, buffer: Any) -> int | None:
        if self._seconds is None:
            return self._raw.readinto(buffer)
        left = self._seconds - (time.monotonic() - self._since)
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        self._socket.settimeout(left)
        try:
            return self._raw.readinto(buffer)
        finally:
            self._socket.settimeout(self._seconds)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimelyResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._answer = _Answer(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._answer)

    def begin(self) -> None:
        super().begin()
        self._answer.in_head = False


class _Connection(HTTPConnection):
    response_class = _TimelyResponse


class _TlsConnection(HTTPSConnection):
    response_class = _TimelyResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def prepare(session: requests.Session) -> None:
    """Have `session` keep to the limit, and take no login from a ~/.netrc that happens to be there."""
    session.mount("http://", _Adapter())
    session.mount("https://", _Adapter())
    session.auth = _as_it_is
    _read_environment_once(session)


def _read_environment_once(session: requests.Session) -> None:
    """For each host, what it says of proxies and authorities: read anew, it is a quarter of what a request costs us."""
    read: Callable[..., Any] = session.merge_environment_settings
    known: dict[Any, dict[str, Any]] = {}

    def settings(url: str, *given: Any) -> dict[str, Any]:
        key = (urlsplit(url)[:2], repr(given))
        if key not in known:
            known[key] = read(url, *given)
        return dict(known[key])

    session.merge_environment_settings = settings  # type: ignore[assignment, method-assign]


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
