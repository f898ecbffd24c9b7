"""The HTTP server on a real socket."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest

from xkit_operator.dispatcher.http import connection
from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.exchange import Head, Response, Stream, Whole
from xkit_operator.dispatcher.http.lines import Lines
from xkit_operator.dispatcher.http.listening import listen
from xkit_operator.dispatcher.http.request import Phase
from xkit_operator.dispatcher.http.request_reader import MOST_BODY
from xkit_operator.dispatcher.http.server import Server
from xkit_operator.dispatcher.outcomes.outcome import Failure
from xkit_operator.dispatcher.telemetry.log import Log

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b"
CLOSE = b"GET /last HTTP/1.1\r\nConnection: close\r\n\r\n"


def have_little_room(one: socket.socket) -> None:
    """Kernels differ in how much they take for a side that does not read: some all that is sent here."""
    for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        one.setsockopt(socket.SOL_SOCKET, buffer, 2**18)


class Running:
    """A server whose handler echoes bodies and lines, and waits where the path says so."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.server = Server(self.admit, log=Log(write=self.lines.append))
        self.port = 0
        self.taken = 0
        self.gate = asyncio.Event()
        self.entered = asyncio.Event()

    def admit(self, head: Head) -> Response | Whole | Stream:
        if head.path == b"/refused":
            return Response(404, b"refused")
        return Stream(self.answer_lines) if head.path == b"/lines" else Whole(partial(self.answer, head.path))

    async def answer(self, path: bytes, body: bytes) -> Response:
        if path == b"/wait":
            self.entered.set()
            await self.gate.wait()
        if path == b"/fault":
            raise LookupError(body.decode())
        return Response(200, body or path)

    async def answer_lines(self, lines: Lines) -> AsyncIterator[bytes]:
        async for line in lines:
            self.taken += 1
            if line == b"wait\n":
                self.entered.set()
                await self.gate.wait()
            if line == b"fault\n":
                raise LookupError
            yield str(line.code).encode() if isinstance(line, Failure) else line[:-1]

    async def exchange(self, data: bytes) -> bytes:
        """Send bytes and read until the server closes."""
        async with self.connection() as (reader, writer):
            writer.write(data)
            return await asyncio.wait_for(reader.read(), 20)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        sender = socket.socket()
        have_little_room(sender)
        sender.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sender, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=sender)
        try:
            yield reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    found = Running()
    listener = listen(0)
    have_little_room(listener)  # and each connection that it accepts
    found.port = await found.server.start(listener)
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


async def test_a_head_request_that_is_refused_has_no_body_either(running: Running) -> None:
    answer = await running.exchange(b"HEAD /refused HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 404 ")
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
        (Phase.IDLE, b"", b"HTTP/1.1 408 "),
        (Phase.HEAD, b"GET / HT", b"HTTP/1.1 408 "),
        (Phase.BODY, b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1", b"HTTP/1.1 408 "),
    ],
)
async def test_each_phase_has_its_time(
    running: Running, monkeypatch: pytest.MonkeyPatch, phase: Phase, sent: bytes, status: bytes
) -> None:
    monkeypatch.setitem(connection.SECONDS, phase, 0.01)
    assert (await running.exchange(sent)).startswith(status)


async def test_leaving_ends_each_connection_with_its_answer_and_resets_none(running: Running) -> None:
    waiting = asyncio.create_task(running.exchange(b"GET /wait HTTP/1.1\r\n\r\n"))
    async with running.connection() as (reader, writer):
        writer.write(b"GET /1 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n/1")
        await running.entered.wait()
        stopping = asyncio.create_task(running.server.stop(seconds=20))
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")  # the idle one is closed
    running.gate.set()
    assert b"connection: close" in await waiting
    assert await stopping


async def test_a_request_that_crosses_with_the_end_of_its_connection_is_told_to_come_again(running: Running) -> None:
    async with running.connection() as (reader, writer):
        stopping = asyncio.create_task(running.server.stop(seconds=20))
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"GET /wait HTTP/1.1\r\n\r\n")  # by a sender that has not read this far
        problem = json.loads(await reader.read())
        assert await stopping
    assert b"connection: close" in head
    assert (problem["status"], problem["code"], problem["retryable"]) == (503, "ShuttingDown", True)
    assert not running.entered.is_set()


async def test_an_answer_that_does_not_come_in_time_is_not_waited_for(running: Running) -> None:
    waiting = asyncio.create_task(running.exchange(b"GET /wait HTTP/1.1\r\n\r\n"))
    await running.entered.wait()
    assert not await running.server.stop(seconds=0.01)
    running.gate.set()
    await waiting


async def test_what_the_kernel_has_accepted_is_answered_when_the_listener_closes(running: Running) -> None:
    sockets = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(20)]
    for one in sockets:
        one.sendall(b"GET /1 HTTP/1.1\r\n\r\n")
    stopping = asyncio.create_task(running.server.stop(seconds=20))
    for one in sockets:
        one.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=one)
        assert bodies(await reader.read()) == [b"/1"]
        writer.close()
    assert await stopping


LINES = b"POST /lines HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def read_chunk(reader: asyncio.StreamReader) -> bytes:
    size = int(await reader.readline(), 16)
    return (await reader.readexactly(size + 2))[:-2]


async def test_a_request_that_is_refused_by_its_head_is_not_read(running: Running) -> None:
    answer = await running.exchange(POST.replace(b"/", b"/refused", 1) % (10**9, b"the beginning"))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"connection: close" in answer


async def test_lines_are_answered_while_the_sender_still_sends_and_the_connection_goes_on(running: Running) -> None:
    async with running.connection() as (reader, writer):
        for _ in range(2):
            writer.write(LINES)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n")
            for line in (b"one", b"two", b"three"):
                writer.write(chunk(line + b"\n"))
                assert await read_chunk(reader) == line + b"\n"
            writer.write(chunk(b"last") + b"0\r\n\r\n")
            assert [await read_chunk(reader), await read_chunk(reader)] == [b"last\n", b""]
        writer.write(CLOSE)
        assert bodies(await reader.read()) == [b"/last"]


async def test_a_stream_with_a_length_is_one_as_well(running: Running) -> None:
    answer = await running.exchange(b"POST /lines HTTP/1.1\r\nContent-Length: 8\r\n\r\none\ntwo\n" + CLOSE)
    assert bodies(answer) == [chunk(b"one\n") + chunk(b"two\n") + chunk(b""), b"/last"]


async def test_a_stream_is_read_no_faster_than_it_is_answered(running: Running) -> None:
    async with running.connection() as (reader, writer):
        writer.write(LINES + chunk(b"wait\n"))
        await running.entered.wait()
        megabyte = chunk((b"x" * 1023 + b"\n") * 1024)
        sending = asyncio.create_task(send_all(writer, megabyte, 64))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(sending), 0.5)
        assert running.taken == 1
        running.gate.set()
        await reader.readuntil(b"\r\n\r\n")
        answers = 0
        while await read_chunk(reader):
            answers += 1
        assert answers == 1 + 64 * 1024
        await sending


async def send_all(writer: asyncio.StreamWriter, data: bytes, times: int) -> None:
    for _ in range(times):
        writer.write(data)
        await writer.drain()
    writer.write(chunk(b""))


async def test_a_stream_is_answered_no_faster_than_its_sender_reads(running: Running) -> None:
    async with running.connection() as (reader, writer):
        writer.write(LINES)
        sending = asyncio.create_task(send_all(writer, chunk((b"x" * 1023 + b"\n") * 1024), 64))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(sending), 0.5)
        assert running.taken < 32 * 1024
        await reader.readuntil(b"\r\n\r\n")
        while await read_chunk(reader):
            pass
        await sending
        assert running.taken == 64 * 1024


@pytest.mark.parametrize(
    ("sent", "codes"),
    [
        (chunk(b"one\n") + b"nonsense\r\n", [b"one", b"MalformedRequest"]),
        (chunk(b"one\n") + (b"1;" + b"e" * 60_000 + b"\r\n \r\n") * 600, [b"one", b"MalformedRequest"]),
        (chunk(b"fault\n"), [b"InternalError"]),
    ],
    ids=["no chunk", "endless extensions", "a fault of ours"],
)
async def test_what_goes_wrong_within_a_stream_is_its_last_line(
    running: Running, sent: bytes, codes: list[bytes]
) -> None:
    [body] = bodies(await running.exchange(LINES + sent))
    assert body.endswith(b"0\r\n\r\n")
    for code in codes:
        assert code in body


async def test_a_stream_that_stops_is_ended_after_its_time(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.SECONDS, Phase.STREAM, 0.01)
    [body] = bodies(await running.exchange(LINES + chunk(b"one\ntw")))
    assert body == chunk(b"one\n") + chunk(b"RequestTimeout\n") + chunk(b"")


@pytest.mark.parametrize(("room", "is_whole"), [(MOST_BODY, True), (1000, False)])
async def test_answers_that_nobody_reads_are_bounded_together(running: Running, *, room: int, is_whole: bool) -> None:
    running.server.unread = Budget(room)
    request = POST % (MOST_BODY, b" " * MOST_BODY)
    for _ in range(3):
        answer = b""
        with suppress(ConnectionError):
            answer = await running.exchange(request + CLOSE)
        assert answer.endswith(b"/last") == is_whole


async def test_a_sender_that_does_not_read_is_hung_up_on(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CHOKED_SECONDS", 0.01)

    async def send_without_reading() -> None:
        async with running.connection() as (_, writer):
            writer.write(LINES)
            await send_all(writer, chunk((b"x" * 1023 + b"\n") * 1024), 64)

    with pytest.raises(ConnectionError):
        await send_without_reading()


async def test_leaving_ends_a_stream_with_the_lines_that_it_has_taken(running: Running) -> None:
    async with running.connection() as (reader, writer):
        writer.write(LINES + chunk(b"wait\ntwo\nthr"))
        await running.entered.wait()
        running.server.leave()
        writer.write(chunk(b"ee\nfour\n"))
        running.gate.set()
        [body] = bodies(await reader.read())
        assert body == chunk(b"wait\n") + chunk(b"two\n") + chunk(b"")


async def test_http_1_0_cannot_stream(running: Running) -> None:
    answer = await running.exchange(b"POST /lines HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}")
    assert answer.startswith(b"HTTP/1.1 400 ")
