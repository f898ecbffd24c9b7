"""The answers in the bytes that a server has sent, taken apart by the standard library and not by our own code."""

import io
import re
import socket
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import cast

_HEAD = re.compile(rb"HTTP/1\.1 \d{3} [A-Za-z ]+\r\n([a-z-]+: [\x20-\x7e]*\r\n)+\Z")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class NoHttpError(Exception):
    """What came back is no HTTP."""


@dataclass(frozen=True)
class Answer:
    """One whole response."""

    status: int
    headers: Message
    body: bytes


def read_answers(received: bytes, *, method: str) -> tuple[list[Answer], bytes]:
    """The whole answers in `received`, to requests of this method, and the bytes that are left over.

    Raises NoHttpError.
    """
    answers = []
    while received:
        if received.startswith(_CONTINUE):
            received = received[len(_CONTINUE) :]
            continue
        head, found, _ = received.partition(b"\r\n\r\n")
        if not found:
            break
        if not _HEAD.match(head + b"\r\n"):
            raise NoHttpError(f"a response that begins with {received[:200]!r}")
        source = _Source(received)
        response = HTTPResponse(cast(socket.socket, source), method=method)
        try:
            response.begin()
            body = response.read()
        except IncompleteRead:
            break
        except (HTTPException, ValueError) as error:
            raise NoHttpError(f"{error!r} in {received[:200]!r}") from error
        answers.append(Answer(response.status, response.headers, body))
        received = source.rest()
    return answers, received


class _Source(io.BytesIO):
    """A socket, as far as HTTPResponse needs one; it stays open, so that what comes next can be read."""

    def makefile(self, _: str) -> "_Source":
        return self

    def close(self) -> None:
        pass

    def rest(self) -> bytes:
        return self.getvalue()[self.tell() :]
