"""A request and its response, as plain values: what the HTTP server hands to the core, and gets back."""

from enum import StrEnum
from typing import NamedTuple

from xkit_operator.dispatcher.outcome import Failure
from xkit_operator.dispatcher.reply import Reply, problem


class MediaType(StrEnum):
    """What the bodies of our responses are."""

    JSON = "application/json"
    PROBLEM = "application/problem+json"
    TEXT = "text/plain; charset=utf-8"
    METRICS = "text/plain; version=0.0.4; charset=utf-8"


class Request(NamedTuple):  # a third of a frozen dataclass's cost, several times a record; so below and in reply.py
    """One whole request."""

    method: bytes
    path: bytes
    query: bytes
    headers: dict[bytes, bytes]
    """By name in lower case; of a name given twice, the last one."""
    body: bytes


class Response(NamedTuple):
    """One whole response; the server adds length, date and connection headers."""

    status: int
    body: bytes
    media_type: MediaType = MediaType.JSON
    headers: tuple[tuple[str, str], ...] = ()


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
