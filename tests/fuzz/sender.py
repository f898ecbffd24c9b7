"""Plays a case on a raw socket, and says what came back."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

from tests.fuzz.answers import Answer, NoHttpError, read_answers
from tests.fuzz.case import Case, Ending

PATIENCE = 60.0  # seconds; what is written here is answered within one, but the machine may stand still
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass
class Exchange:
    """What came back on one connection."""

    answers: list[Answer]
    rest: bytes = b""
    """What is no whole answer."""
    how_it_ended: str = "closed"


async def play(case: Case, port: int) -> Exchange:
    """Raises NoHttpError when what came back is no HTTP."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    if case.ending is Ending.RESET:
        await _write(case, writer)
        _reset(writer)
        return Exchange([], how_it_ended="reset by the sender")
    writing = asyncio.create_task(_write(case, writer))
    try:
        async with asyncio.timeout(PATIENCE):
            return await _read(case, reader)
    except TimeoutError:
        return Exchange([], how_it_ended="never")
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        _reset(writer)


async def _write(case: Case, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, OSError):
        for part in case.parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        if case.ending is Ending.FINISH:
            writer.write_eof()


async def _read(case: Case, reader: asyncio.StreamReader) -> Exchange:
    received = bytearray()
    how_it_ended = "closed"
    while True:
        try:
            part = await reader.read(2**16)
        except ConnectionError:
            how_it_ended = "reset by the server"
            break
        if not part:
            break
        received += part
        if case.ending is Ending.WAIT and _is_answered(case, bytes(received)):
            how_it_ended = "left"
            break
    answers, rest = read_answers(bytes(received), method=case.method)
    return Exchange(answers, rest, how_it_ended)


def _is_answered(case: Case, received: bytes) -> bool:
    """Whether all is there, and the server does not mean to close: then it would have to."""
    with suppress(NoHttpError):
        answers, rest = read_answers(received, method=case.method)
        return len(answers) >= case.least and not rest and answers[-1].headers["connection"] != "close"
    return False


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # it is closed already
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.transport.abort()
