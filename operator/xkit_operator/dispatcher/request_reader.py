"""From the bytes of one connection to whole requests, within limits that hold before anything is buffered.

Knows HTTP/1 syntax through httptools, and no socket. What breaks a rule becomes the refusal, after which no more bytes
are read: the connection answers what was complete before, then the refusal, and closes.
"""

from collections import deque
from enum import Enum, auto
from typing import NamedTuple, NoReturn

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url

from xkit_operator.dispatcher.exchange import Request
from xkit_operator.dispatcher.outcome import Code, Failure

MOST_HEAD = 16 * 2**10
MOST_HEADERS = 100
_SLICE = MOST_HEAD
MOST_BODY = 8 * 2**20
MOST_WIRE = 4 * MOST_BODY  # a chunked body may be wrapped in chunk sizes and extensions, but not in endless ones


class Budget:
    """The bytes of bodies that all connections together may hold."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def take(self, count: int) -> bool:
        """Reserve `count` bytes; False when they are not there."""
        if count > self._left:
            return False
        self._left -= count
        return True

    def give_back(self, count: int) -> None:
        """Return what was taken."""
        self._left += count


class Phase(Enum):
    """What is expected next."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()


class Incoming(NamedTuple):
    """A whole request, and what its connection must know about it."""

    request: Request
    keep_alive: bool
    is_http_1_0: bool
    taken: int
    """Bytes of the budget that it holds until it is answered."""


class _Refused(Exception):
    """Ends the parser's run; the refusal says why."""


class RequestReader:
    """The requests of one connection."""

    def __init__(self, budget: Budget) -> None:
        self.complete: deque[Incoming] = deque()
        self.refusal: Failure | None = None
        self.phase = Phase.IDLE
        self.begun = 0
        """How many requests have begun."""
        self.wants_continue = False
        """Whether the sender waits for a word before it sends the body."""
        self.taken = 0
        """Bytes of the budget that the request being read holds."""
        self._budget = budget
        self._parser = HttpRequestParser(self)
        self._reset()

    def feed(self, data: bytes) -> None:
        """Take what has arrived."""
        if len(data) <= _SLICE:
            self._feed(data)
            return
        for start in range(0, len(data), _SLICE):  # so that an endless head is noticed within one slice
            self._feed(data[start : start + _SLICE])

    def time_out(self) -> None:
        """The rest of the request did not come in time."""
        self._set_refusal(Code.REQUEST_TIMEOUT, "the request did not arrive in time")

    def abandon(self) -> None:
        """The connection has ended: nobody needs what is held."""
        self._budget.give_back(self.taken + sum(incoming.taken for incoming in self.complete))
        self.taken = 0
        self.complete.clear()

    # What httptools calls

    def on_message_begin(self) -> None:
        self.begun += 1
        self.phase = Phase.HEAD
        self._reset()

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._head += len(url)
        if self._head > MOST_HEAD:
            self._refuse_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head += len(name) + len(value) + 4
        if self._head > MOST_HEAD:
            self._refuse_head()
        if self.phase is Phase.HEAD:  # else it is a trailer, which may change nothing
            self._headers[name.lower()] = value
            if len(self._headers) > MOST_HEADERS:
                self._refuse(Code.HEAD_TOO_LARGE, f"at most {MOST_HEADERS} headers")

    def on_headers_complete(self) -> None:
        self.phase = Phase.BODY
        length = self._headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in self._headers:
            if self._parser.get_method() == b"POST":
                self._refuse(Code.LENGTH_REQUIRED, "a POST needs Content-Length, or a chunked body")
            return
        self._hold(int(length or 0))
        self.wants_continue = self._headers.get(b"expect", b"").lower() == b"100-continue"

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self.taken:
            self._hold(self._size - self.taken)
        self._body.append(part)

    def on_message_complete(self) -> None:
        path, query = self._target()
        method = self._parser.get_method()
        request = Request(method, path, query, self._headers, b"".join(self._body))
        is_http_1_0 = self._parser.get_http_version() == "1.0"
        incoming = Incoming(request, self._parser.should_keep_alive(), is_http_1_0, self.taken)
        self.complete.append(incoming)
        self.taken = 0
        self.wants_continue = False
        self.phase = Phase.IDLE
        self._reset()

    def _feed(self, data: bytes) -> None:
        if self.refusal is not None:
            return
        self._wire += len(data)
        try:
            self._parser.feed_data(data)
        except _Refused:
            pass
        except HttpParserUpgrade:
            self._set_refusal(Code.MALFORMED_REQUEST, "this server changes to no other protocol")
        except HttpParserError:
            self._set_refusal(Code.MALFORMED_REQUEST, "the request is no valid HTTP/1.1")
        if self.phase is Phase.HEAD and self._wire > MOST_HEAD:
            self._set_refusal(Code.HEAD_TOO_LARGE, f"line and headers may have {MOST_HEAD} bytes")
        elif self.phase is Phase.BODY and self._wire > MOST_WIRE:
            self._set_refusal(Code.BODY_TOO_LARGE, f"a body may have {MOST_BODY} bytes")

    def _reset(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._head = 0
        self._wire = 0

    def _target(self) -> tuple[bytes, bytes]:
        if self._url.startswith(b"/"):
            path, _, query = self._url.partition(b"?")
            return path, query
        try:
            url = parse_url(self._url)
        except HttpParserError:
            self._refuse(Code.MALFORMED_REQUEST, "the request target is no URL")
        return url.path or b"/", url.query or b""

    def _refuse_head(self) -> NoReturn:
        self._refuse(Code.HEAD_TOO_LARGE, f"line and headers may have {MOST_HEAD} bytes")

    def _hold(self, count: int) -> None:
        if self.taken + count > MOST_BODY:
            self._refuse(Code.BODY_TOO_LARGE, f"a body may have {MOST_BODY} bytes")
        if not self._budget.take(count):
            self._refuse(Code.TOO_MANY_BYTES, "the bodies of all requests together are too large now")
        self.taken += count

    def _refuse(self, code: Code, detail: str) -> NoReturn:
        self._set_refusal(code, detail)
        raise _Refused

    def _set_refusal(self, code: Code, detail: str) -> None:
        if self.refusal is None:
            self.refusal = Failure(code, detail)
