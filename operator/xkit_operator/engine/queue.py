"""A queue of keys: each key waits at most once and is worked on by at most one worker at a time.

Watches, the resync and the workers themselves put keys in; `worker.py` takes them out. A key added while it waits
is the same key; one added while it is worked on comes back afterwards, so no change made meanwhile is lost.
Runs in one event loop, whose clock is the only clock here. Knows nothing of what a key means.
"""

import asyncio
import math
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from xkit_operator.engine.backoff import Backoff

K = TypeVar("K", bound=Hashable)


class KeyedQueue(Generic[K]):
    """`get()` hands out a key; whoever took it must call `done()` with it, whatever happened.

    `random` gives numbers from 0 to 1.
    """

    def __init__(self, backoff: Backoff, random: Callable[[], float]) -> None:
        self._backoff = backoff
        self._random = random
        self._ready: asyncio.Queue[K] = asyncio.Queue()
        self._waiting_since: dict[K, float] = {}
        self._running_since: dict[K, float] = {}
        self._again: set[K] = set()
        self._timers: dict[K, asyncio.TimerHandle] = {}
        self._failures: dict[K, int] = {}
        self._taken = -math.inf  # when a worker last took a key

    def add(self, key: K) -> None:
        """Have `key` worked on as soon as a worker is free; a delay that was set for it is over."""
        self._cancel_timer(key)
        if key in self._running_since:
            self._again.add(key)
        elif key not in self._waiting_since:
            self._waiting_since[key] = self._now()
            self._ready.put_nowait(key)

    def add_after(self, key: K, seconds: float) -> None:
        """Have `key` worked on in `seconds`, unless it is due earlier anyway."""
        due = self._now() + seconds
        timer = self._timers.get(key)
        if key in self._waiting_since or key in self._again or (timer is not None and timer.when() <= due):
            return
        self._cancel_timer(key)
        self._timers[key] = asyncio.get_running_loop().call_at(due, self.add, key)

    def add_failed(self, key: K) -> float:
        """Have `key` worked on again after its backoff; returns the delay in seconds."""
        self._failures[key] = self._failures.get(key, 0) + 1
        delay = self._backoff.delay(self._failures[key], chance=self._random())
        self.add_after(key, delay)
        return delay

    def forget_failures(self, key: K) -> None:
        """The next failure of `key` counts as its first."""
        self._failures.pop(key, None)

    async def get(self) -> K:
        """The key that has waited longest; waits for one."""
        key = await self._ready.get()
        del self._waiting_since[key]
        self._running_since[key] = self._taken = self._now()
        return key

    def done(self, key: K) -> None:
        """The worker has finished with `key`; if it was added meanwhile, it waits again."""
        del self._running_since[key]
        if key in self._again:
            self._again.remove(key)
            self.add(key)

    def close(self) -> None:
        """Drop the delays, so that nothing comes back once the workers have stopped."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    @property
    def depth(self) -> int:
        """How many keys wait for a worker; delayed ones do not count."""
        return len(self._waiting_since)

    @property
    def oldest_wait(self) -> float:
        """For how many seconds the oldest waiting key has waited; 0 when none waits."""
        return self._age(self._waiting_since)

    @property
    def standstill(self) -> float:
        """For how many seconds keys have waited without a worker taking any; 0 when none waits.

        However long the queue is, it is being worked off as long as this stays small.
        """
        return min(self.oldest_wait, self._now() - self._taken)

    @property
    def longest_run(self) -> float:
        """For how many seconds the oldest running key has been worked on; 0 when none is."""
        return self._age(self._running_since)

    def _age(self, since: dict[K, float]) -> float:
        # Both dictionaries are in order of insertion, and time only grows: the first entry is the oldest.
        first = next(iter(since.values()), None)
        return 0.0 if first is None else self._now() - first

    def _cancel_timer(self, key: K) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
