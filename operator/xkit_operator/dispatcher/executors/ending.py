"""The end of one executor: when it is certain, and what its calls become.

A record may run elsewhere only when this process cannot start it any more, so both the end of the connection and the
host's word are awaited, for a bounded time. The fates themselves are decided in aftermath.py.
"""

import asyncio
from collections.abc import Callable

from xkit_operator.dispatcher.executors.aftermath import Fate, fates
from xkit_operator.dispatcher.executors.executor import Executor, deadline_exceeded
from xkit_operator.dispatcher.executors.messages import Exited
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure

WAIT_SECONDS = 2.0
STUCK = "DeadlineExceeded"
"""Why the host is asked to kill an executor whose event loop is blocked by a call that is too late."""


class Ending:
    """What is known about the end of `executor`; settles its calls once, then calls `settled`."""

    def __init__(self, executor: Executor, *, timeout: float, settled: Callable[[], None]) -> None:
        self.executor = executor
        self._timeout = timeout
        self._settled = settled
        self._loop = asyncio.get_running_loop()
        self._exited: Exited | None = None
        self._lost = False
        self._timer: asyncio.TimerHandle | None = None
        self.kill_reason: str | None = None
        """Why the host was asked to kill it, if it was."""

    def lost(self, *, host_is_there: bool) -> None:
        """The connection has ended. Without a host its word will never come."""
        self._lost = True
        self._proceed(certain=not host_is_there)

    def exited(self, exited: Exited) -> None:
        """The host says so; answers that are still on the connection are read first."""
        self._exited = exited
        self._proceed(certain=False)

    def host_lost(self) -> None:
        """The host has gone, and with it every executor of its container."""
        if self._lost:
            self._settle()

    def _proceed(self, *, certain: bool) -> None:
        if certain or (self._lost and self._exited is not None):
            self._settle()
        elif self._timer is None:
            self._timer = self._loop.call_later(WAIT_SECONDS, self._settle)

    def _settle(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        executor = self.executor
        executor.stop_timers()
        executor.link.cut()
        progress = self._exited.progress if self._exited else executor.progress()
        fate = fates(list(executor.calls), abandoned=executor.abandoned, progress=progress)
        now = self._loop.time()
        for request_id in sorted(fate, reverse=True):  # the oldest is handed back last, and so comes first again
            job = executor.calls.pop(request_id)
            if fate[request_id] is Fate.NOT_STARTED:
                job.hand_back()
            elif job.deadline <= now:
                job.settle(deadline_exceeded(self._timeout))
            else:
                job.settle(self._failure(fate[request_id]))
        self._settled()

    def _failure(self, fate: Fate) -> Failure:
        """What the sender of a call hears that was running."""
        if self._exited is None or self._exited.is_orderly or self.kill_reason == STUCK:
            return INNOCENT
        if self._exited.reason == "MemoryExceeded":
            return EXHAUSTED  # all calls share the memory; the one that holds it need not be the one started last
        if fate is Fate.INNOCENT:
            return INNOCENT
        return Failure(Code.EXECUTOR_DIED, f"the executor died while the function ran: {self._exited}")


INNOCENT = Failure(Code.EXECUTOR_LOST, "the executor was lost to another record; the function may have acted", 1)
EXHAUSTED = Failure(Code.MEMORY_EXCEEDED, "limits.memory was exceeded while the function ran; it may have acted", 1)
