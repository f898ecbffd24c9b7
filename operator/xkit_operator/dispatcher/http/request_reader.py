"""From the bytes of one connection to requests, within limits that hold before anything is buffered.

Knows HTTP/1 syntax through httptools, and no socket. The handler sees each head before its body is read. What breaks a
rule becomes the refusal, after which no more bytes are read: the connection answers what came before, then the refusal,
and closes.
"""

from collections import deque
from collections.abc import Callable
from typing import NoReturn

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url

from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.exchange import Handler, Head, Response, Stream, Whole, refuse
from xkit_operator.dispatcher.http.lines import Lines
from xkit_operator.dispatcher.http.request import Phase, StreamRequest, WholeRequest
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure

MOST_HEAD = 16 * 2**10
MOST_HEADERS = 100
_SLICE = MOST_HEAD
MOST_BODY = 8 * 2**20
MOST_WIRE = 4 * MOST_BODY  # a chunked body may be wrapped in chunk sizes and extensions, but not in endless ones
_WRAPPING = 8  # bytes on the wire for a byte of a stream, so that a chunk may hold a single one


class _Refused(Exception):
    """Ends the parser's run; the refusal says why."""


class RequestReader:
    """The requests of one connection."""

    def __init__(self, budget: Budget, *, handler: Handler, on_room: Callable[[], None]) -> None:
        """`on_room` is called when a stream can take more again."""
        self.received: deque[WholeRequest | StreamRequest] = deque()
        self.refusal: Response | None = None
        self.is_broken = False
        """Whether no more bytes are read."""
        self.phase = Phase.IDLE
        self.begun = 0
        """How many requests have begun."""
        self.wants_continue = False
        """Whether the sender waits for a word before it sends the body."""
        self.taken = 0
        """Bytes of the budget that the request being read holds."""
        self.lines: Lines | None = None
        """The stream that is being read."""
        self._budget = budget
        self._handler = handler
        self._on_room = on_room
        self._whole: Whole
        self.is_head = False
        """Whether the method of the request being read is HEAD: its answer has no body, be it a refusal."""
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
        self._break_off(Code.REQUEST_TIMEOUT, "the request did not arrive in time")

    def abandon(self) -> None:
        """The connection has ended: nobody needs what is held."""
        self._budget.give_back(self.taken)
        self.taken = 0
        if self.lines is not None:
            self.lines.abandon()
        for received in self.received:
            if isinstance(received, StreamRequest):
                received.lines.abandon()
            else:
                self._budget.give_back(received.taken)
        self.received.clear()

    # What httptools calls

    def on_message_begin(self) -> None:
        self.begun += 1
        self.phase = Phase.HEAD

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
        if self._parser.should_upgrade():
            return  # the parser ends here, and `_feed` goes on without the upgrade
        self.phase = Phase.BODY
        path, query = self._target()
        head = Head(self._parser.get_method(), path, query, self._headers)
        self.is_head = head.method == b"HEAD"
        answer = self._handler(head)
        if isinstance(answer, Response):
            self.refusal = answer
            self.is_broken = True
            raise _Refused
        length = head.headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in head.headers and head.method == b"POST":
            self._refuse(Code.LENGTH_REQUIRED, "a POST needs Content-Length, or a chunked body")
        if isinstance(answer, Stream):
            self._begin_stream(answer)
        else:
            self._whole = answer
            self._hold(int(length or 0))
        self.wants_continue = self._headers.get(b"expect", b"").lower() == b"100-continue"

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self.lines is not None:
            self.lines.feed(part)
            return
        if self._size > self.taken:
            self._hold(self._size - self.taken)
        self._body += part

    def on_message_complete(self) -> None:
        if self._parser.should_upgrade():
            return
        if self.lines is None:
            self._end_whole()
        else:
            self.lines.finish()
            self.lines = None
        self.wants_continue = False
        self.phase = Phase.IDLE
        self._reset()

    def _begin_stream(self, stream: Stream) -> None:
        if self._parser.get_http_version() == "1.0":
            self._refuse(Code.MALFORMED_REQUEST, "a stream is answered in chunks, which need HTTP/1.1")
        self.phase = Phase.STREAM
        self.lines = Lines(self._budget, on_room=self._on_room)
        self.received.append(StreamRequest(stream, self.lines, self._parser.should_keep_alive()))

    def _end_whole(self) -> None:
        body = bytes(self._body)
        is_http_1_0 = self._parser.get_http_version() == "1.0"
        keep_alive = self._parser.should_keep_alive()
        self.received.append(WholeRequest(self._whole, body, keep_alive, is_http_1_0, self.is_head, self.taken))
        self.taken = 0

    def _feed(self, data: bytes) -> None:
        if self.is_broken:
            return
        self._wire += len(data)
        try:
            while data:
                data = self._parse(data)
        except _Refused:
            pass
        except HttpParserError:
            self._break_off(Code.MALFORMED_REQUEST, "the request is no valid HTTP/1.1")
        if self.phase is Phase.HEAD and self._wire > MOST_HEAD:
            self._break_off(Code.HEAD_TOO_LARGE, f"line and headers may have {MOST_HEAD} bytes")
        elif self.phase is Phase.BODY and self._wire > MOST_WIRE:
            self._break_off(Code.BODY_TOO_LARGE, f"a body may have {MOST_BODY} bytes")
        elif self.phase is Phase.STREAM and self._wire > _WRAPPING * self._size + MOST_WIRE:
            self._break_off(Code.MALFORMED_REQUEST, "the stream has far more chunk extensions than lines")

    def _parse(self, data: bytes) -> bytes:
        """Parse until the end, or until an upgrade; what has to be parsed then."""
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            return self._head_without_upgrade() + data[upgrade.args[0] :]
        return b""

    def _head_without_upgrade(self) -> bytes:
        """The head again, for another parser: an upgrade may be ignored, and some clients ask for one each time."""
        method, version = self._parser.get_method(), self._parser.get_http_version().encode()
        if method == b"CONNECT":
            self._refuse(Code.MALFORMED_REQUEST, "this server is no proxy")
        kept = b"".join(b"%b: %b\r\n" % one for one in self._headers.items() if one[0] != b"upgrade")
        head = b"%b %b HTTP/%b\r\n%b\r\n" % (method, self._url, version, kept)
        self._parser = HttpRequestParser(self)
        self._reset()
        return head

    def _reset(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = bytearray()  # a list of parts takes far more than their bytes when chunks are tiny
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
            self._refuse(Code.TOO_MANY_BYTES, "the bodies of all requests together are too large now", 1)
        self.taken += count

    def _refuse(self, code: Code, detail: str, retry_after: float | None = None) -> NoReturn:
        self._break_off(code, detail, retry_after)
        raise _Refused

    def _break_off(self, code: Code, detail: str, retry_after: float | None = None) -> None:
        """Read no more: the failure answers the request, or ends the stream, that is being read."""
        failure = Failure(code, detail, retry_after)
        if self.lines is not None:
            self.lines.finish(failure)
        elif self.refusal is None:
            self.refusal = refuse(failure)
        self.is_broken = True
