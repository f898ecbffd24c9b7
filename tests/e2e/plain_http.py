"""Just enough of an HTTP/1.1 client to know for sure whether a request had left when its connection broke.

It costs little, so that a sender keeps its schedule on a busy machine, and it never tries anything again by itself.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from typing import Any

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0


class Refused(Exception):
    """No connection: nothing was sent."""


class Lost(Exception):
    """The request was sent, and no whole answer came."""


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: Any


class Client:
    """POSTs to one address, over kept connections (the longest unused first) or over a fresh one each."""

    def __init__(self, host: str, port: int, path: str, *, keep: bool) -> None:
        self._address = (host, port)
        self._keep = keep
        self._head = f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: "
        self._idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def post(self, body: bytes) -> Answer:
        """Raises Refused or Lost."""
        reader, writer = self._kept() or await self._connect()
        writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        try:
            answer = await asyncio.wait_for(_read(reader), ANSWER_SECONDS)
        except (OSError, EOFError, TimeoutError) as error:
            writer.close()
            raise Lost(repr(error)) from error
        if self._keep and answer.headers.get("connection") != "close":
            self._idle.append((reader, writer))
        else:
            writer.close()
        return answer

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()

    def _kept(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        while self._idle:
            reader, writer = self._idle.popleft()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return None

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.wait_for(asyncio.open_connection(*self._address), CONNECT_SECONDS)
        except (OSError, TimeoutError) as error:
            raise Refused(repr(error)) from error


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Answer(int(head[0].split()[1]), headers, json.loads(body))
