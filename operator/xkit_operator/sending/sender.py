"""Sends the records of one source: bounded records open at once, requests in parallel, order per key, and tries again.

The window is what bounds memory: a line is read only when there is room for its record, and the room is given back when
the record is settled.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from xkit_operator.sending.answer import Answer, not_sent
from xkit_operator.sending.journal import Journal
from xkit_operator.sending.keys import Keys
from xkit_operator.sending.lines import Line
from xkit_operator.sending.post import Post, TooMuch, Unreachable
from xkit_operator.sending.ready import Ready
from xkit_operator.sending.record import NotARecord, Record, read_record
from xkit_operator.sending.retry import RetryPolicy, backoff_seconds

_WINDOW = 4
"""Times as many records may be open as fit into the requests in flight: some wait for their key or a second try."""


@dataclass(frozen=True)
class Pace:
    """How much is sent at once."""

    concurrency: int
    batch: int

    @property
    def window(self) -> int:
        return _WINDOW * self.concurrency * self.batch


class Sender:
    """One run over one source."""

    def __init__(self, post: Post, journal: Journal, *, pace: Pace, policy: RetryPolicy) -> None:
        self._post = post
        self._journal = journal
        self._pace = pace
        self._policy = policy
        self._keys = Keys()
        self._ready = Ready(batch=pace.batch)
        self._room = asyncio.Semaphore(pace.window)
        self._stopped = asyncio.Event()
        self._problem: Exception | None = None
        self._open = 0
        self._all_read = False
        self._jitter = random.Random().random  # noqa: S311 - no secret: it spreads requests over time

    async def run(self, lines: AsyncIterator[Line]) -> None:
        """Send every line, until the end or `stop`. Raises Unreachable, Refused, OSError, and what reading raises.

        However it ends, what is settled is written down, and no request is in flight.
        """
        reading = asyncio.create_task(self._until_problem(self._read(lines)))
        working = [asyncio.create_task(self._until_problem(self._work())) for _ in range(self._pace.concurrency)]
        try:
            await asyncio.gather(*working)
        finally:
            reading.cancel()
            self._journal.write()
        if self._problem is not None:
            raise self._problem

    def stop(self) -> None:
        """Begin nothing more; what is in flight is waited for."""
        self._stopped.set()
        self._ready.close()

    async def _until_problem(self, task: Coroutine[Any, Any, None]) -> None:
        try:
            await task
        except Exception as error:  # noqa: BLE001 - whatever ends one worker ends the run, and is raised there
            self._problem = self._problem or error
            self.stop()

    async def _read(self, lines: AsyncIterator[Line]) -> None:
        async for line in lines:
            await self._room.acquire()
            self._journal.take(line=line.number, end=line.end)
            self._open += 1
            try:
                record = read_record(line.text, line=line.number, end=line.end)
            except NotARecord as error:
                self._close(not_sent(str(error)), line=line.number, text=line.text)
                continue
            if self._keys.enter(record):
                self._ready.put(record)
        self._all_read = True
        self._end_if_done()

    async def _work(self) -> None:
        while (records := await self._ready.take()) is not None:
            if records:
                await self._send(records)

    async def _send(self, records: list[Record]) -> None:
        for failures in range(1, self._policy.attempts + 1):
            try:
                answers = await self._post.send(records)
            except TooMuch:
                for record in records:
                    record.alone = True
                    self._ready.put(record)
                return
            except Unreachable as error:
                for record in records:
                    record.tries += 1
                if failures == self._policy.attempts:
                    raise
                if not await self._may_go_on(after=error.retry_after or backoff_seconds(failures)):
                    return
            else:
                break
        for record, answer in zip(records, answers, strict=True):
            self._answered(record, answer)

    async def _may_go_on(self, *, after: float) -> bool:
        """Wait before a request is sent again; False when sending is to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), after)
        return not self._stopped.is_set()

    def _answered(self, record: Record, answer: Answer) -> None:
        record.tries += 1
        record.started += answer.was_started
        pause = self._policy.pause(record, answer, jitter=self._jitter)
        if pause is None:
            self._settle(record, answer)
            return
        record.waited += pause
        self._journal.summary.retries += 1
        if answer.outcome == "overloaded":
            self._ready.hold(pause)
        asyncio.get_running_loop().call_later(pause, self._ready.put, record)

    def _settle(self, record: Record, answer: Answer) -> None:
        self._close(answer, line=record.line, text=record.text)
        following = self._keys.leave(record)
        if following is not None:
            self._ready.put(following)

    def _close(self, answer: Answer, *, line: int, text: bytes) -> None:
        self._journal.settle(answer, line=line, text=text)
        self._room.release()
        self._open -= 1
        self._end_if_done()

    def _end_if_done(self) -> None:
        if self._all_read and self._open == 0:
            self._ready.close()
