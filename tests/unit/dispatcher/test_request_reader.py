"""From bytes to requests, and the limits that hold before anything is buffered."""

import json
import tracemalloc
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.exchange import Head, Response, Whole
from xkit_operator.dispatcher.http.request import Phase, WholeRequest
from xkit_operator.dispatcher.http.request_reader import MOST_BODY, MOST_HEAD, RequestReader
from xkit_operator.dispatcher.outcomes.outcome import Code

POST = b"POST /v1/records HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
WHOLE = POST + b"Content-Length: 2\r\n\r\n{}"
IN_CHUNKS = POST + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS_EXTENSIONS = (b"1;" + b"e" * 60_000 + b"\r\n \r\n") * 600
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;ext=1\r\n}\r\n0\r\nContent-Type: text/plain\r\n\r\n"


class Read(NamedTuple):
    """What the handler learns of a request."""

    head: Head
    body: bytes


class Reader(RequestReader):
    """With a handler that takes every request."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.heads: list[Head] = []
        super().__init__(budget or Budget(2 * MOST_BODY), handler=self.admit, on_room=lambda: None)

    def admit(self, head: Head) -> Whole:
        self.heads.append(head)
        return Whole(echo)

    @property
    def read(self) -> list[Read]:
        bodies = [request.body for request in self.received if isinstance(request, WholeRequest)]
        return [Read(head, body) for head, body in zip(self.heads, bodies, strict=False)]

    @property
    def refused(self) -> str | None:
        return None if self.refusal is None else str(json.loads(self.refusal.body)["code"])


async def echo(body: bytes) -> Response:
    return Response(200, body)


def refusal(data: bytes) -> str | None:
    found = Reader()
    found.feed(data)
    return found.refused


def test_a_request_is_read_whole() -> None:
    found = Reader()
    found.feed(b"POST /v1/records?a=b HTTP/1.1\r\nHoSt: x\r\nContent-Length: 2\r\n\r\n{}")
    [(head, body)] = found.read
    assert (head.method, head.path, head.query, body) == (b"POST", b"/v1/records", b"a=b", b"{}")
    assert head.headers == {b"host": b"x", b"content-length": b"2"}


def test_a_trailer_changes_no_header() -> None:
    found = Reader()
    found.feed(CHUNKED)
    [(head, body)] = found.read
    assert (body, head.headers[b"content-type"]) == (b"{}", b"application/json")


@given(st.lists(st.sampled_from([WHOLE, CHUNKED, b"GET / HTTP/1.1\r\n\r\n"]), max_size=4), st.data())
def test_requests_are_the_same_in_whatever_pieces_they_arrive(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6))
    at_once, in_pieces = Reader(), Reader()
    at_once.feed(stream)
    for start, end in pairwise(sorted({0, len(stream), *cuts})):
        in_pieces.feed(stream[start:end])
    assert at_once.read == in_pieces.read
    assert len(at_once.received) == len(parts)
    assert (at_once.refusal, in_pieces.refusal) == (None, None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"hello\r\n\r\n", Code.MALFORMED_REQUEST),
        (IN_CHUNKS[:-2] + b"Content-Length: 1\r\n\r\n", Code.MALFORMED_REQUEST),
        (b"POST /v1/records HTTP/1.1\r\nContent-Length: -1\r\n\r\n", Code.MALFORMED_REQUEST),
        (b"POST /v1/records HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", Code.MALFORMED_REQUEST),
        (b"POST /v1/records HTTP/1.1\r\nA : b\r\n\r\n", Code.MALFORMED_REQUEST),
        (b"POST http://[::1 HTTP/1.1\r\nContent-Length: 0\r\n\r\n", Code.MALFORMED_REQUEST),
        (b"CONNECT a:1 HTTP/1.1\r\n\r\n", Code.MALFORMED_REQUEST),
        (POST + b"\r\n", Code.LENGTH_REQUIRED),
        (POST + b"Content-Length: %d\r\n\r\n" % (MOST_BODY + 1), Code.BODY_TOO_LARGE),
        (IN_CHUNKS + b"%x\r\n" % (MOST_BODY + 1) + b" " * (MOST_BODY + 1), Code.BODY_TOO_LARGE),
        (IN_CHUNKS + ENDLESS_EXTENSIONS, Code.BODY_TOO_LARGE),
        (POST + b"A: " + b"a" * 2 * MOST_HEAD, Code.HEAD_TOO_LARGE),
        (POST + b"A: " + b" " * MOST_HEAD, Code.HEAD_TOO_LARGE),
        (POST + b"A: " + b"a" * MOST_HEAD + b"\r\nContent-Length: 0\r\n\r\n", Code.HEAD_TOO_LARGE),
        (b"POST /" + b"a" * MOST_HEAD, Code.HEAD_TOO_LARGE),
        (b"".join([POST, *(b"A%d: b\r\n" % number for number in range(101))]), Code.HEAD_TOO_LARGE),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_breaks_a_rule_is_refused(data: bytes, code: Code) -> None:
    assert refusal(data) == code


def test_a_body_in_tiny_chunks_takes_no_more_than_its_bytes() -> None:
    found = Reader()
    tracemalloc.start()
    try:
        found.feed(IN_CHUNKS + b"2\r\n  \r\n" * 100_000)
        assert tracemalloc.get_traced_memory()[0] < 4 * 200_000
    finally:
        tracemalloc.stop()


def test_an_upgrade_is_ignored() -> None:
    found = Reader()
    upgrade = POST + b"Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}"
    found.feed(upgrade + upgrade + WHOLE)
    assert [one.body for one in found.read] == [b"{}"] * 3
    assert found.heads[0].headers[b"content-type"] == b"application/json"
    assert found.refusal is None


def test_what_was_complete_before_a_mistake_is_still_answered() -> None:
    found = Reader()
    found.feed(WHOLE + WHOLE + b"nonsense\r\n\r\n")
    assert len(found.received) == 2
    assert found.refusal is not None


def test_bodies_share_a_budget_which_is_returned_with_the_connection() -> None:
    budget = Budget(100)
    one, other = Reader(budget), Reader(budget)
    one.feed(POST + b"Content-Length: 60\r\n\r\n12345")
    other.feed(POST + b"Content-Length: 60\r\n\r\n")
    assert other.refused == Code.TOO_MANY_BYTES
    one.abandon()
    assert budget.take(100)


def test_a_sender_that_asks_before_its_body_is_told_unless_it_is_too_large() -> None:
    found = Reader()
    found.feed(POST + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    assert found.wants_continue
    assert found.phase is Phase.BODY
    assert refusal(POST + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % 10**8) == Code.BODY_TOO_LARGE
