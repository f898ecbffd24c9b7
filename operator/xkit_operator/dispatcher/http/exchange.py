"""A request and its response, as plain values: what the HTTP server hands to a handler, and gets back.

A handler sees the head first. It refuses the request there and then, or says how the body is answered: read whole, or
line by line while it arrives.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from enum import StrEnum
from typing import NamedTuple

from xkit_operator.dispatcher.http.lines import Lines
from xkit_operator.dispatcher.outcomes.outcome import Failure
from xkit_operator.dispatcher.outcomes.reply import Reply, problem


class MediaType(StrEnum):
    """What the bodies of our responses are."""

    JSON = "application/json"
    LINES = "application/x-ndjson"
    PROBLEM = "application/problem+json"
    TEXT = "text/plain; charset=utf-8"
    METRICS = "text/plain; version=0.0.4; charset=utf-8"


class Head(NamedTuple):  # a third of a frozen dataclass's cost, once a request; so below and in reply.py
    """A request without its body."""

    method: bytes
    path: bytes
    query: bytes
    headers: dict[bytes, bytes]
    """By name in lower case; of a name given twice, the last one."""


class Response(NamedTuple):
    """One whole response; the server adds length, date and connection headers."""

    status: int
    body: bytes
    media_type: MediaType = MediaType.JSON
    headers: tuple[tuple[str, str], ...] = ()


class Whole(NamedTuple):
    """The body is read whole, within its bounds, and then answered."""

    answer: Callable[[bytes], Awaitable[Response]]


class Stream(NamedTuple):
    """Each line of the body is answered by a line, in order, while more may arrive."""

    answer: Callable[[Lines], AsyncIterator[bytes]]


Handler = Callable[[Head], Response | Whole | Stream]
"""A Response refuses the request: its body is not read, and its connection ends."""


def respond_with(reply: Reply) -> Response:
    """The response that carries one answer."""
    if reply.code is None:
        return Response(reply.status, reply.body)
    headers = () if reply.retry_after is None else (("retry-after", str(reply.retry_after)),)
    return Response(reply.status, reply.body, MediaType.PROBLEM, headers)


def refuse(failure: Failure, *headers: tuple[str, str]) -> Response:
    """The response to a request that is not what it should be."""
    response = respond_with(problem(failure))
    return Response(response.status, response.body, response.media_type, (*response.headers, *headers))
