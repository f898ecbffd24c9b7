"""One executor: the calls in flight there, their deadlines, and whether its event loop still turns.

A deadline counts from the start of the call. What has started by then is answered 504 and aborted, and a ping asks
whether the event loop is stuck. The pool decides what is sent here and buries the executor when it has died.
"""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from xkit_operator.dispatcher.executors.frames import MOST_ID, Frame, FrameType
from xkit_operator.dispatcher.executors.link import Link
from xkit_operator.dispatcher.executors.progress import Progress, read_progress
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.queueing.job import Answer, Job, settle_together

PING_SECONDS = 0.4
MOST_ABANDONED = 10
_NOT_BEGUN = float("inf")


class ExecutorOwner(Protocol):
    """Who acts when an executor is of no more use."""

    def stuck(self, executor: "Executor") -> None:
        """Its event loop is blocked by a call whose time is over."""

    def worn(self, executor: "Executor") -> None:
        """Too many calls that were given up may be running there still."""


class Executor:
    """An executor that has said hello."""

    def __init__(self, link: Link, owner: ExecutorOwner, *, name: str, progress_file: Path, timeout: float) -> None:
        self.name = name
        self.link = link
        self.calls: dict[int, Job] = {}
        """Calls that nobody has answered yet, by request id, oldest first."""
        self.abandoned: set[int] = set()
        """Calls that were answered at their deadline and may be running still."""
        self._owner = owner
        self._progress_file = progress_file
        self._timeout = timeout
        self._last_id = 0
        self._loop = asyncio.get_running_loop()
        self._deadline_timer: asyncio.TimerHandle | None = None
        self._pong_timer: asyncio.TimerHandle | None = None

    def invoke(self, jobs: Sequence[Job]) -> None:
        """Send calls; their jobs are settled or handed back in the end, whatever happens here."""
        deadline = self._loop.time() + self._timeout
        first_id = self._last_id + 1 & MOST_ID
        for job in jobs:
            self._last_id = request_id = self._last_id + 1 & MOST_ID
            job.deadline = deadline
            self.calls[request_id] = job
        self.link.invoke(first_id, [job.payload for job in jobs])
        if self._deadline_timer is None:
            self._deadline_timer = self._loop.call_at(deadline, self._check_deadlines)

    def results(self, frames: Iterable[Frame]) -> None:
        """Take answers; those that are late have been given already."""
        answers: dict[Job, Answer] = {}
        for frame in frames:
            job = self.calls.pop(frame.id, None)
            if job is None:
                self.abandoned.discard(frame.id)
            else:
                answers[job] = frame.payload
        settle_together(answers)

    def pong(self) -> None:
        """The event loop turns: all that was sent before the ping has started."""
        if self._pong_timer is not None:
            self._pong_timer.cancel()
            self._pong_timer = None
        self._begin(None)

    def progress(self) -> Progress | None:
        """What its progress file says now."""
        return read_progress(self._progress_file)

    def stop_timers(self) -> None:
        """Nothing more is to be expected from here."""
        for timer in (self._deadline_timer, self._pong_timer):
            if timer is not None:
                timer.cancel()

    def _check_deadlines(self) -> None:
        self._deadline_timer = None
        now = self._loop.time()
        expired = [request_id for request_id, job in self.calls.items() if job.deadline <= now]
        if expired:
            self._expire(expired)
            self.link.send(FrameType.PING)
            if self._pong_timer is None:
                self._pong_timer = self._loop.call_later(PING_SECONDS, self._no_pong)
        self._arm()
        if len(self.abandoned) >= MOST_ABANDONED:
            self._owner.worn(self)

    def _expire(self, expired: list[int]) -> None:
        progress = self.progress()
        for request_id in expired:
            if progress is None or progress.has_started(request_id):
                self.abandoned.add(request_id)
                self.link.send(FrameType.ABORT, request_id)
                self.calls.pop(request_id).settle(deadline_exceeded(self._timeout))
            else:  # it waits behind a call that blocks the event loop; its time has not begun
                self.calls[request_id].deadline = _NOT_BEGUN

    def _begin(self, progress: Progress | None) -> None:
        """Start the clock of the calls that have begun by now, after their wait behind one that blocked."""
        deadline = self._loop.time() + self._timeout
        for request_id, job in self.calls.items():
            if job.deadline == _NOT_BEGUN and (progress is None or progress.has_started(request_id)):
                job.deadline = deadline
        self._arm()

    def _arm(self) -> None:
        if self._deadline_timer is not None:
            self._deadline_timer.cancel()
            self._deadline_timer = None
        first = min((job.deadline for job in self.calls.values()), default=_NOT_BEGUN)
        if first < _NOT_BEGUN:
            self._deadline_timer = self._loop.call_at(first, self._check_deadlines)

    def _no_pong(self) -> None:
        self._pong_timer = None
        progress = self.progress()
        if progress is not None and progress.count and progress.last in self.calls:
            # Its own deadline has not passed: it may block until then, and the check at that moment asks again.
            self._begin(progress)
        else:
            self._owner.stuck(self)


def deadline_exceeded(timeout: float) -> Failure:
    """What the sender of a record hears that took too long."""
    return Failure(Code.DEADLINE_EXCEEDED, f"the function did not answer within {timeout:g} s; it may have acted")
