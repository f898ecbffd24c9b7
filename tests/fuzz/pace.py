"""Senders and readers that are slow or stand still: each must be ended in its time, with an answer where one is due.

They run beside everything else, for their times are the real ones.
"""

import asyncio
import json
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.fuzz.answers import read_answers
from tests.fuzz.judge import Fault
from tests.fuzz.wire import JSON, LINES, head
from xkit_operator.dispatcher.http.connection import CHOKED_SECONDS, SECONDS
from xkit_operator.dispatcher.http.request import Phase

STEP_SECONDS = 0.5
SLACK_SECONDS = 6.0  # the server looks at its deadlines every half second, and this machine is busy

_BODY = head((JSON, (b"content-length", b"1000000")))
_CHUNKS = head((JSON, (b"transfer-encoding", b"chunked")))


@dataclass(frozen=True)
class Slow:
    """What is written at once, what is written again and again, and when the server ends it, with which code."""

    name: str
    first: bytes
    then: bytes
    seconds: float
    code: str = "RequestTimeout"


SLOW = (
    Slow("a head, a byte at a time", b"POST /v1/records HTTP/1.1\r\nx: ", b"y", SECONDS[Phase.HEAD]),
    Slow("a head, a header at a time", b"POST /v1/records HTTP/1.1\r\n", b"x: y\r\n", SECONDS[Phase.HEAD]),
    Slow("a head that stands still", b"POST", b"", SECONDS[Phase.HEAD]),
    Slow("a body, a byte at a time", _BODY, b" ", SECONDS[Phase.BODY]),
    Slow("a body, a chunk at a time", _CHUNKS, b"1\r\n \r\n", SECONDS[Phase.BODY]),
    Slow("a body that stands still", _BODY, b"", SECONDS[Phase.BODY]),
)


async def end_in_time(slow: Slow, port: int) -> None:
    """Raises Fault unless the server ends it in its time, not before, with its code."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    since = time.monotonic()
    writer.write(slow.first)
    reading = asyncio.create_task(reader.read())
    while not reading.done() and time.monotonic() - since < slow.seconds + SLACK_SECONDS:
        with suppress(ConnectionError):
            writer.write(slow.then)
        await asyncio.wait({reading}, timeout=STEP_SECONDS)
    took = time.monotonic() - since
    if not reading.done():
        reading.cancel()
        raise Fault(f"{slow.name}: not ended after {took:.1f} s")
    answers, rest = read_answers(await reading, method="POST")
    writer.transport.abort()
    codes = [json.loads(answer.body)["code"] for answer in answers]
    if codes == ["TooManyConnections"]:
        return  # a crowd was there first
    if codes != [slow.code] or rest or took < slow.seconds - 1:
        raise Fault(f"{slow.name}: {codes} and {rest!r} after {took:.1f} s")


async def read_nothing(port: int) -> None:
    """Send lines for ever, and read no answer; raises Fault unless the server gives up in its time."""
    reader, writer = await _connect_with_little_room(port)
    writer.write(head((LINES, (b"transfer-encoding", b"chunked"))))
    lines = b"x\n" * 20_000
    chunk = b"%x\r\n%b\r\n" % (len(lines), lines)
    since = last = time.monotonic()
    with suppress(ConnectionError):
        while time.monotonic() - last < CHOKED_SECONDS + SLACK_SECONDS:
            writer.write(chunk)
            drained = asyncio.create_task(writer.drain())
            if (await asyncio.wait({drained}, timeout=CHOKED_SECONDS + SLACK_SECONDS))[1]:
                drained.cancel()
                break
            await drained
            last = time.monotonic()
            await asyncio.sleep(0)
        raise Fault(f"a reader that reads nothing: not ended after {time.monotonic() - since:.1f} s")
    writer.transport.abort()
    del reader


async def _connect_with_little_room(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """So that what is not read is noticed soon."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setblocking(False)
    await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
    return await asyncio.open_connection(sock=connection, limit=1024)


SENDERS: tuple[tuple[float, Callable[[int], Awaitable[None]]], ...] = (
    *((slow.seconds, lambda port, slow=slow: end_in_time(slow, port)) for slow in SLOW),
    (CHOKED_SECONDS + 10, read_nothing),
)
"""Each with the seconds that it needs."""


async def repeat(sender: tuple[float, Callable[[int], Awaitable[None]]], port: int, *, until: float) -> None:
    """Run one of SENDERS again and again, as long as there is time for all of it. Raises Fault."""
    seconds, run = sender
    while time.monotonic() + seconds + SLACK_SECONDS < until:
        await run(port)
