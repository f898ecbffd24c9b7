"""More connections at once than the server takes, most of which say nothing."""

import asyncio
from contextlib import suppress
from random import Random

from tests.fuzz.answers import read_answers
from tests.fuzz.judge import Fault
from tests.fuzz.wire import valid
from xkit_operator.dispatcher.http.server import MOST_CONNECTIONS

EVERY_SECONDS = 20.0
SURPLUS = 60


async def gather_and_leave(port: int, random: Random) -> tuple[int, int]:
    """How many were answered, and how many were refused. Raises Fault."""
    opened = await asyncio.gather(
        *(asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_CONNECTIONS + SURPLUS))
    )
    try:
        asked = random.sample(opened, 200)
        statuses = await asyncio.gather(*(_ask(one, valid(random)) for one in asked))
    finally:
        for _, writer in opened:
            writer.transport.abort()
    if 200 not in statuses:
        raise Fault("nobody of a crowd was answered")
    return statuses.count(200), statuses.count(503)


async def _ask(one: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> int:
    """The status of the answer; one that is refused may have got it before it asked."""
    reader, writer = one
    with suppress(ConnectionError):
        writer.write(request)
    received = b""
    while part := await asyncio.wait_for(reader.read(2**16), 30):
        received += part
        answers, rest = read_answers(received, method="POST")
        if answers and not rest:
            return answers[0].status
    raise Fault(f"a connection of a crowd was closed after {received!r:.300}")
