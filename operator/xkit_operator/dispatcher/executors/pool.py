"""All executors of this Pod: who serves, who stands by, who is being replaced.

The first ready executors serve, as many as the host says; the next takes over at once when one goes. reception.py
tells of arrivals and ends; what becomes of the calls of an executor that died is settled in ending.py.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.executors.ending import STUCK, Ending
from xkit_operator.dispatcher.executors.executor import Executor
from xkit_operator.dispatcher.executors.frames import FrameType
from xkit_operator.dispatcher.executors.link import Link
from xkit_operator.dispatcher.executors.messages import IDLE, Exited
from xkit_operator.dispatcher.queueing.job import Job
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics

DRAIN_SECONDS = 5.0
EXIT_SECONDS = 0.2  # most connections end because their process does, and the host says so at once


class Pool:
    """The executors and their host."""

    def __init__(self, *, timeout: float, on_available: Callable[[], None], metrics: Metrics, log: Log) -> None:
        self._timeout = timeout
        self._on_available = on_available
        self._metrics = metrics
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._host: Link | None = None
        self._serving = 1
        self._ready: list[Executor] = []  # in the order in which they became ready
        self._retired: set[Executor] = set()  # those that get no more calls and have not ended yet
        self._resident_bytes: Mapping[str, int] = {}
        self._endings: dict[str, Ending] = {}  # of every executor that has joined and is not settled, by name

    @property
    def is_ready(self) -> bool:
        """Whether a record could be started now. Without the host nobody could end a call that blocks."""
        return self._host is not None and bool(self._ready)

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody is there who could run a record soon."""
        return self._host is None

    def start(self, jobs: Sequence[Job]) -> None:
        """Send jobs to the serving executors, each to the one with the fewest calls; somebody must be ready."""
        if self._serving == 1 or len(self._ready) == 1:
            self._ready[0].invoke(jobs)
            return
        serving = self._ready[: self._serving]
        for job in jobs:
            min(serving, key=lambda one: len(one.calls)).invoke((job,))

    def host_arrived(self, link: Link, *, executors: int) -> None:
        """The host says how many executors shall serve."""
        self._host = link
        self._serving = executors
        self._on_available()

    def host_lost(self) -> None:
        """The host's connection has ended; executors of its container have died with it or will soon."""
        self._host = None
        self._log.warning("the function container's host has gone")
        for ending in list(self._endings.values()):
            ending.host_lost()
        self._on_available()

    def joined(self, executor: Executor) -> None:
        """An executor has said hello; it loads its functions now."""
        name = executor.name
        self._endings[name] = Ending(executor, timeout=self._timeout, settled=lambda: self._settled(name))

    def ready(self, executor: Executor) -> None:
        """An executor has loaded its functions."""
        if executor not in self._ready:
            self._ready.append(executor)
            self._metrics.ready_executors = len(self._ready)
            self._on_available()

    def lost(self, executor: Executor) -> None:
        """An executor's connection has ended; its process may live on, which must not be."""
        self._retire(executor)
        self._loop.call_later(EXIT_SECONDS, self._kill, executor, "ConnectionLost")
        self._endings[executor.name].lost(host_is_there=self._host is not None)

    def hold(self, resident_bytes: Mapping[str, int]) -> None:
        """The host says what its executors hold, by name."""
        self._resident_bytes = resident_bytes
        self._metrics.executor_memory = max(resident_bytes.values(), default=0)

    def describe(self) -> list[dict[str, str | int | None]]:
        """Every executor: its state, the calls in flight there, its memory in bytes as far as the host has said."""
        return [
            {
                "name": name,
                "state": self._state(ending.executor),
                "calls": len(ending.executor.calls),
                "residentBytes": self._resident_bytes.get(name),
            }
            for name, ending in self._endings.items()
        ]

    def exited(self, exited: Exited) -> None:
        """The host says that an executor has ended."""
        ending = self._endings.get(exited.executor)
        reason = (ending.kill_reason if ending and exited.reason == "Killed" else None) or exited.reason
        if reason == IDLE:
            self._log.info("the executor that stood by has ended, for want of calls", executor=exited.executor)
        else:
            self._metrics.executor_ended(reason)
            self._log.warning("an executor has ended", executor=exited.executor, reason=reason, how=str(exited))
        if ending is not None:
            ending.exited(exited)

    def stuck(self, executor: Executor) -> None:
        """Its event loop is blocked by a call whose time is over: have it killed."""
        self._retire(executor)
        self._kill(executor, STUCK)

    def worn(self, executor: Executor) -> None:
        """It is not fit for further calls: have it finish those that it has, and end."""
        if executor in self._ready:
            self._retire(executor)
            executor.link.send(FrameType.DRAIN)
            self._loop.call_later(self._timeout + DRAIN_SECONDS, self._kill, executor, "NotDrained")

    def _state(self, executor: Executor) -> str:
        if executor in self._retired:
            return "retired"
        if executor not in self._ready:
            return "loading"
        return "serving" if executor in self._ready[: self._serving] else "standby"

    def _retire(self, executor: Executor) -> None:
        self._retired.add(executor)
        if executor in self._ready:
            self._ready.remove(executor)
            self._metrics.ready_executors = len(self._ready)

    def _kill(self, executor: Executor, reason: str) -> None:
        ending = self._endings.get(executor.name)
        if self._host is None or ending is None or ending.executor is not executor:
            return  # nobody to ask, or it has ended
        ending.kill_reason = ending.kill_reason or reason
        order = {"executor": executor.name, "reason": reason}
        self._host.send(FrameType.KILL, payload=json_text.dump(order))

    def _settled(self, name: str) -> None:
        self._retired.discard(self._endings.pop(name).executor)
        self._on_available()
