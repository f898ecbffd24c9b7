"""More connections at once than the server takes, most of which say nothing."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Self

from tests.fuzz.answers import read_answers
from tests.fuzz.judge import Fault
from tests.fuzz.wire import valid
from xkit_operator.dispatcher.http.server import MOST_CONNECTIONS

EVERY_SECONDS = 20.0
SURPLUS = 60


async def gather_and_leave(port: int, random: Random) -> tuple[int, int]:
    """How many were answered, and how many were refused. Raises Fault."""
    present = await asyncio.gather(*(_Member.come(port) for _ in range(MOST_CONNECTIONS + SURPLUS)))
    try:
        asked = random.sample(present, 200)
        statuses = await asyncio.gather(*(one.ask(valid(random)) for one in asked))
    finally:
        for one in present:
            one.leave()
    if 200 not in statuses:
        raise Fault("nobody of a crowd was answered")
    return statuses.count(200), statuses.count(503)


@dataclass(frozen=True)
class _Member:
    """A connection; it reads from the beginning, for one that is refused is told so at once, and soon cut off."""

    writer: asyncio.StreamWriter
    status: asyncio.Task[int]

    @classmethod
    async def come(cls, port: int) -> Self:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        return cls(writer, asyncio.create_task(_first_status(reader)))

    async def ask(self, request: bytes) -> int:
        """The status of the answer; one that is refused may have got it before it asked."""
        with suppress(ConnectionError):
            self.writer.write(request)
        return await asyncio.wait_for(self.status, 30)

    def leave(self) -> None:
        self.status.cancel()
        self.writer.transport.abort()


async def _first_status(reader: asyncio.StreamReader) -> int:
    received = b""
    while part := await reader.read(2**16):
        received += part
        answers, rest = read_answers(received, method="POST")
        if answers and not rest:
            return answers[0].status
    raise Fault(f"a connection of a crowd was closed after {received!r:.300}")
