"""Reads a source beside the event loop, a few pieces ahead: a pipe may keep its reader waiting for ever.

The thread is a daemon, since nothing can end one that waits for a pipe.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from threading import Semaphore, Thread

from xkit_operator.sending.lines import Line

_AHEAD = 2

Piece = list[Line] | Exception | None


async def read_ahead(pieces: Iterator[list[Line]]) -> AsyncIterator[Line]:
    """The lines of `pieces`, which is read in a thread; raises what reading raises."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[Piece] = asyncio.Queue()
    wanted = Semaphore(_AHEAD)

    def read() -> None:
        end: Piece = None
        try:
            for piece in pieces:
                wanted.acquire()
                loop.call_soon_threadsafe(arrived.put_nowait, piece)
        except RuntimeError:
            return  # the loop is closed: nobody wants to know any more
        except Exception as error:  # noqa: BLE001 - raised again where the lines are wanted
            end = error
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(arrived.put_nowait, end)

    Thread(target=read, name="reading records", daemon=True).start()
    while (piece := await arrived.get()) is not None:
        if isinstance(piece, Exception):
            raise piece
        for line in piece:
            yield line
        wanted.release()
