"""Which record runs next: bounded concurrency, bounded waiting, order by key, and no batch that starves others.

Each request has a lane. Lanes with records that may run take turns, so a single record waits for one turn of a batch
and not for all of it; within a lane, and among single records, the order is that of arrival.
"""

import asyncio
from collections import deque
from itertools import takewhile
from typing import Protocol

from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.queueing.job import Answer, Job

WAITING_PER_RUNNING = 5


class Executors(Protocol):
    """Who runs jobs."""

    def start(self, job: Job) -> bool:
        """Start `job` now; False when nobody can."""


class Lane:
    """The records of one request that wait."""

    def __init__(self) -> None:
        self.runnable: deque[Job] = deque()
        self.waiting = 0
        """Those that may run, and those held back by their key."""


class Queue:
    """All records that wait or run."""

    def __init__(self, executors: Executors, *, concurrency: int, timeout: float) -> None:
        self._executors = executors
        self._concurrency = concurrency
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._running: set[Job] = set()
        self._waiting: dict[Job, Lane] = {}  # the first to expire comes first
        self._turns: deque[Lane] = deque()  # lanes that have something runnable
        self._waiting_lanes = 0
        self._successors: dict[str, deque[Job]] = {}  # by key: who comes after the one that waits or runs
        self._expiry: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def in_flight(self) -> int:
        return len(self._running)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def open_lane(self) -> Lane | None:
        """A lane for a new request; None when as many requests wait as may. Its records are then all taken."""
        return None if self._waiting_lanes >= WAITING_PER_RUNNING * self._concurrency else Lane()

    def put(self, job: Job, lane: Lane) -> None:
        """Run `job` as soon as its turn comes; the records of one request share one lane."""
        now = self._loop.time()
        if self._closed:
            job.on_answer(SHUTTING_DOWN, now)
            return
        job.expires = now + self._timeout
        if job.key is not None:
            successors = self._successors.get(job.key)
            if successors is not None:
                successors.append(job)
                self._wait(job, lane)
                return
            self._successors[job.key] = deque()
        if self._turns or len(self._running) >= self._concurrency or not self._executors.start(job):
            self._wait(job, lane)
            self._take_turns(job, lane)
        else:
            self._running.add(job)

    def pump(self) -> None:
        """Start what may run. Called whenever a slot or an executor becomes free."""
        while self._turns and len(self._running) < self._concurrency and not self._closed:
            lane = self._turns[0]
            job = lane.runnable[0]
            if not self._executors.start(job):
                return
            self._running.add(job)
            self._no_longer_waits(job)
            lane.runnable.popleft()
            self._turns.popleft()
            if lane.runnable:
                self._turns.append(lane)

    def settle(self, job: Job, answer: Answer) -> None:
        """Answer a job that runs or waits, and let the next ones run."""
        if job in self._running:
            self._running.remove(job)
            self._free_key(job)
        else:
            self._withdraw(job, self._no_longer_waits(job))
        job.on_answer(answer, self._loop.time())
        self.pump()

    def hand_back(self, job: Job) -> None:
        """Take back a job that was never started; it is the next one to run, and its waiting time goes on.

        The caller pumps when an executor may be there.
        """
        lane = Lane()
        lane.runnable.append(job)
        self._running.remove(job)
        self._waiting = {job: lane, **self._waiting}
        self._count(lane, 1)
        self._turns.appendleft(lane)
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        self._arm()
        if self._closed:
            self.settle(job, SHUTTING_DOWN)

    def close(self) -> None:
        """Answer what waits, now and from now on; what runs goes on."""
        self._closed = True
        self._answer_all(list(self._waiting), SHUTTING_DOWN)

    def give_up(self) -> None:
        """Answer what waits: nobody is there to run it."""
        self._answer_all(list(self._waiting), NO_EXECUTOR)

    def _answer_all(self, jobs: list[Job], failure: Failure) -> None:
        for job in jobs:
            if job in self._waiting:  # an answer may have set another one going
                self.settle(job, failure)

    def _expire(self) -> None:
        self._expiry = None
        now = self._loop.time()
        expired = list(takewhile(lambda job: job.expires <= now, self._waiting))
        self._answer_all(expired, QUEUE_TIMEOUT)
        self._arm()

    def _arm(self) -> None:
        """One timer serves all, since all wait equally long."""
        if self._waiting and self._expiry is None:
            self._expiry = self._loop.call_at(next(iter(self._waiting)).expires, self._expire)

    def _wait(self, job: Job, lane: Lane) -> None:
        self._waiting[job] = lane
        self._count(lane, 1)
        self._arm()

    def _no_longer_waits(self, job: Job) -> Lane:
        lane = self._waiting.pop(job)
        self._count(lane, -1)
        return lane

    def _count(self, lane: Lane, change: int) -> None:
        was_waiting = lane.waiting > 0
        lane.waiting += change
        self._waiting_lanes += (lane.waiting > 0) - was_waiting

    def _take_turns(self, job: Job, lane: Lane) -> None:
        lane.runnable.append(job)
        if len(lane.runnable) == 1:
            self._turns.append(lane)

    def _withdraw(self, job: Job, lane: Lane) -> None:
        held_back = self._successors.get(job.key) if job.key is not None else None
        if held_back is not None and job in held_back:
            held_back.remove(job)
            return
        lane.runnable.remove(job)
        if not lane.runnable:
            self._turns.remove(lane)
        self._free_key(job)

    def _free_key(self, job: Job) -> None:
        if job.key is None:
            return
        successors = self._successors[job.key]
        if successors:
            successor = successors.popleft()
            self._take_turns(successor, self._waiting[successor])
        else:
            del self._successors[job.key]


SHUTTING_DOWN = Failure(Code.SHUTTING_DOWN, "this Pod is shutting down; the record was not started", retry_after=1)
NO_EXECUTOR = Failure(Code.NO_EXECUTOR, "no executor is there; the record was not started", retry_after=1)
QUEUE_TIMEOUT = Failure(
    Code.QUEUE_TIMEOUT, "the record waited as long as limits.timeout allows; it was not started", retry_after=1
)
QUEUE_FULL = Failure(Code.QUEUE_FULL, "limits.concurrency is used up and the queue is full", retry_after=1)
