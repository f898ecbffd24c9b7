"""Which record runs next: bounded concurrency, bounded waiting, order by key, and no batch that starves others.

Each request has a lane. Lanes with records that may run take turns, and share what is free evenly: a single record
waits for one turn of a batch and not for all of it. Within a lane, and among single records, the order is that of
arrival.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Protocol

from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.queueing.job import Answer, Asker, Job
from xkit_operator.dispatcher.queueing.order import Order

WAITING_PER_RUNNING = 5


class Executors(Protocol):
    """Who runs jobs."""

    @property
    def is_ready(self) -> bool:
        """Whether a job could be started now."""

    def start(self, jobs: Sequence[Job]) -> None:
        """Start `jobs`, in their order."""


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
        self._order = Order()
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

    def put(self, jobs: Sequence[Job], lane: Lane) -> None:
        """Run `jobs`, in their order, as soon as their turns come; all records of one request have the same lane."""
        now = self._loop.time()
        if self._closed:
            _answer(dict.fromkeys(jobs, SHUTTING_DOWN), now)
            return
        expires = now + self._timeout
        for job in jobs:
            job.expires = expires
        runnable = [job for job in jobs if job.key is None or self._order.enter(job)]
        free = self._concurrency - len(self._running)
        if len(runnable) == len(jobs) <= free and not self._turns and self._executors.is_ready:
            self._start(jobs)
            return
        self._waiting.update(dict.fromkeys(jobs, lane))
        self._count(lane, len(jobs))
        self._take_turns(runnable, lane)
        self.pump()
        self._arm()

    def pump(self) -> None:
        """Start what may run. Called whenever a slot or an executor becomes free."""
        if not self._turns:
            return
        free = self._concurrency - len(self._running)
        turn = max(1, free // len(self._turns))
        while self._turns and free > 0 and self._executors.is_ready and not self._closed:
            lane = self._turns.popleft()
            jobs = [lane.runnable.popleft() for _ in range(min(turn, free, len(lane.runnable)))]
            if lane.runnable:
                self._turns.append(lane)
            for job in jobs:
                del self._waiting[job]
            self._count(lane, -len(jobs))
            self._start(jobs)
            free -= len(jobs)

    def _start(self, jobs: Sequence[Job]) -> None:
        self._running.update(jobs)
        self._executors.start(jobs)

    def settle(self, answers: Mapping[Job, Answer]) -> None:
        """Answer jobs that run or wait, and let the next ones run."""
        for job in answers:
            if job in self._running:
                self._running.remove(job)
                if job.key is not None:
                    self._free_key(job)
            else:
                self._withdraw(job)
        _answer(answers, self._loop.time())
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
            self.settle({job: SHUTTING_DOWN})

    def close(self) -> None:
        """Answer what waits, now and from now on; what runs goes on."""
        self._closed = True
        self.settle(dict.fromkeys(self._waiting, SHUTTING_DOWN))

    def give_up(self) -> None:
        """Answer what waits: nobody is there to run it."""
        self.settle(dict.fromkeys(self._waiting, NO_EXECUTOR))

    def _expire(self) -> None:
        self._expiry = None
        now = self._loop.time()
        self.settle(dict.fromkeys(takewhile(lambda job: job.expires <= now, self._waiting), QUEUE_TIMEOUT))
        self._arm()

    def _arm(self) -> None:
        """One timer serves all, since all wait equally long."""
        if self._waiting and self._expiry is None:
            self._expiry = self._loop.call_at(next(iter(self._waiting)).expires, self._expire)

    def _count(self, lane: Lane, change: int) -> None:
        was_waiting = lane.waiting > 0
        lane.waiting += change
        self._waiting_lanes += (lane.waiting > 0) - was_waiting

    def _take_turns(self, jobs: Sequence[Job], lane: Lane) -> None:
        if jobs and not lane.runnable:
            self._turns.append(lane)
        lane.runnable.extend(jobs)

    def _withdraw(self, job: Job) -> None:
        lane = self._waiting.pop(job)
        self._count(lane, -1)
        if self._order.give_up(job):
            return
        lane.runnable.remove(job)
        if not lane.runnable:
            self._turns.remove(lane)
        self._free_key(job)

    def _free_key(self, job: Job) -> None:
        successor = self._order.leave(job)
        if successor is not None:
            self._take_turns((successor,), self._waiting[successor])


def _answer(answers: Mapping[Job, Answer], now: float) -> None:
    """Tell each asker once of all its answers."""
    by_asker: dict[Asker, dict[int, Answer]] = {}
    for job, answer in answers.items():
        by_asker.setdefault(job.asker, {})[job.index] = answer
    for asker, its_answers in by_asker.items():
        asker.answered(its_answers, now)


SHUTTING_DOWN = Failure(Code.SHUTTING_DOWN, "this Pod is shutting down; the record was not started", retry_after=1)
NO_EXECUTOR = Failure(Code.NO_EXECUTOR, "no executor is there; the record was not started", retry_after=1)
QUEUE_TIMEOUT = Failure(
    Code.QUEUE_TIMEOUT, "the record waited as long as limits.timeout allows; it was not started", retry_after=1
)
QUEUE_FULL = Failure(Code.QUEUE_FULL, "limits.concurrency is used up and the queue is full", retry_after=1)
