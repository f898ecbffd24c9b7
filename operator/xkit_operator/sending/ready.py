"""The records that may be sent now, handed out in requests of as many as there are, up to a bound."""

import asyncio
from collections import deque
from contextlib import suppress

from xkit_operator.sending.record import Record

MOST_BYTES = 2**20
"""Of one request, unless a single record has more: a runner takes 8 MiB, and 32 MiB from all its senders."""


class Ready:
    """A queue for workers that take several records at a time."""

    def __init__(self, *, batch: int) -> None:
        self._batch = batch
        self._records: deque[Record] = deque()
        self._some = asyncio.Event()
        self._closed = asyncio.Event()
        self._not_before = 0.0

    def put(self, record: Record) -> None:
        """`record` may be sent."""
        self._records.append(record)
        self._some.set()

    def hold(self, seconds: float) -> None:
        """Hand out nothing for so long: the runner has more than it can take."""
        self._not_before = max(self._not_before, asyncio.get_running_loop().time() + seconds)

    def close(self) -> None:
        """Nothing more is handed out."""
        self._closed.set()
        self._some.set()

    async def take(self) -> list[Record] | None:
        """The records of the next request; None when there will be no other."""
        await self._some.wait()
        pause = self._not_before - asyncio.get_running_loop().time()
        if pause > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), pause)
        return None if self._closed.is_set() else self._next()

    def _next(self) -> list[Record]:
        """Possibly none: another worker was faster."""
        taken: list[Record] = []
        size = 0
        while self._records and len(taken) < self._batch:
            record = self._records[0]
            size += len(record.text)
            if taken and (size > MOST_BYTES or record.alone):
                break
            taken.append(self._records.popleft())
            if record.alone:
                break
        if not self._records:
            self._some.clear()
        return taken
