"""The HTTP server on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from xkit_operator.dispatcher import connection
from xkit_operator.dispatcher.exchange import Request, Response
from xkit_operator.dispatcher.log import Log
from xkit_operator.dispatcher.request_reader import MOST_BODY, Phase
from xkit_operator.dispatcher.server import Server

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b"
CLOSE = b"GET /last HTTP/1.1\r\nConnection: close\r\n\r\n"


class Running:
    """A server whose handler echoes bodies, and waits where the path says so."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.server = Server(self.respond, log=Log(write=self.lines.append))
        self.port = 0
        self.gate = asyncio.Event()
        self.entered = asyncio.Event()

    async def respond(self, request: Request) -> Response:
        if request.path == b"/wait":
            self.entered.set()
            await self.gate.wait()
        if request.path == b"/fault":
            raise LookupError(request.body.decode())
        return Response(200, request.body or request.path)

    async def exchange(self, data: bytes) -> bytes:
        """Send bytes and read until the server closes."""
        async with self.connection() as (reader, writer):
            writer.write(data)
            return await asyncio.wait_for(reader.read(), 20)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    found = Running()
    found.port = await found.server.start(0)
    yield found
    found.gate.set()
    await found.server.stop(seconds=20)


def bodies(answer: bytes) -> list[bytes]:
    return [part.partition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 ")[1:]]


async def test_requests_on_one_connection_are_answered_in_order(running: Running) -> None:
    running.gate.set()
    answer = await running.exchange(
        b"GET /wait HTTP/1.1\r\n\r\n" + POST % (3, b"two") + b"GET /3 HTTP/1.1\r\n\r\n" + CLOSE
    )
    assert bodies(answer) == [b"/wait", b"two", b"/3", b"/last"]
    assert answer.count(b"connection: close") == 1


async def test_a_refusal_comes_after_the_answers_and_closes(running: Running) -> None:
    answer = await running.exchange(POST % (3, b"one") + b"nonsense\r\n\r\n")
    assert answer.split(b"\r\n")[0] == b"HTTP/1.1 200 OK"
    problem = json.loads(bodies(answer)[1])
    assert (problem["status"], problem["code"], problem["retryable"]) == (400, "MalformedRequest", False)


async def test_a_body_that_is_refused_unread_resets_nothing(running: Running) -> None:
    answer = await running.exchange(
        b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1) + b" " * 3_000_000
    )
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_fault_of_ours_is_500_and_logged_without_its_message(running: Running) -> None:
    answer = await running.exchange(POST.replace(b"/", b"/fault", 1) % (10, b"a s3cr3t x") + CLOSE)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert bodies(answer)[1] == b"/last"
    [line] = running.lines
    assert json.loads(line)["error"] == "LookupError"
    assert b"s3cr3t" not in line + answer


async def test_a_sender_that_asks_first_is_told_to_go_on(running: Running) -> None:
    async with running.connection() as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"{}")
        assert bodies(await reader.read()) == [b"{}"]


async def test_http_1_0_is_kept_alive_when_it_asks_for_it(running: Running) -> None:
    answer = await running.exchange(b"GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n")
    assert bodies(answer) == [b"/1", b"/2"]
    assert b"connection: keep-alive" in answer


async def test_a_head_request_has_no_body(running: Running) -> None:
    answer = await running.exchange(b"HEAD /1 HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert b"content-length: 2\r\n" in answer
    assert bodies(answer) == [b""]


async def test_a_half_closed_connection_still_gets_its_answer(running: Running) -> None:
    async with running.connection() as (reader, writer):
        writer.write(b"GET /wait HTTP/1.1\r\n\r\n")
        writer.write_eof()
        await running.entered.wait()
        running.gate.set()
        assert bodies(await reader.read()) == [b"/wait"]


@pytest.mark.parametrize(
    ("phase", "sent", "status"),
    [
        (Phase.IDLE, b"", b""),
        (Phase.HEAD, b"GET / HT", b"HTTP/1.1 408 "),
        (Phase.BODY, b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1", b"HTTP/1.1 408 "),
    ],
)
async def test_each_phase_has_its_time(
    running: Running, monkeypatch: pytest.MonkeyPatch, phase: Phase, sent: bytes, status: bytes
) -> None:
    monkeypatch.setitem(connection.SECONDS, phase, 0.01)
    assert (await running.exchange(sent))[: len(status) or None] == status


async def test_leaving_ends_each_connection_with_its_answer_and_resets_none(running: Running) -> None:
    waiting = asyncio.create_task(running.exchange(b"GET /wait HTTP/1.1\r\n\r\n"))
    async with running.connection() as (reader, writer):
        writer.write(b"GET /1 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n/1")
        await running.entered.wait()
        stopping = asyncio.create_task(running.server.stop(seconds=20))
        assert await reader.read() == b""  # the idle one is closed
    running.gate.set()
    assert b"connection: close" in await waiting
    assert await stopping


async def test_an_answer_that_does_not_come_in_time_is_not_waited_for(running: Running) -> None:
    waiting = asyncio.create_task(running.exchange(b"GET /wait HTTP/1.1\r\n\r\n"))
    await running.entered.wait()
    assert not await running.server.stop(seconds=0.01)
    running.gate.set()
    await waiting
