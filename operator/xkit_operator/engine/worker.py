"""Workers: tasks that take keys from the queue and call one function with each.

Started by the wiring before the watches, stopped by it after them. What the function raises ends here: the key is
tried again after its backoff, and no error of one key ever stops a worker.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, cast

from xkit_operator.engine.queue import K, KeyedQueue
from xkit_operator.errors import Pending, XkitError

logger = logging.getLogger(__name__)

# Its end wakes the key; the look before that tells how far it is. Neither a failure nor a success: a push that fails
# after minutes, time and again, must come back with growing pauses.
_PENDING_SECONDS = 5.0

# Takes a key; returns the seconds after which to look at it again even if nothing changes, or None.
Work = Callable[[K], Awaitable[float | None]]
# Takes the key, the result ("done" or the error's code) and the seconds it took.
Observe = Callable[[K, str, float], None]


class Workers(Generic[K]):
    """A fixed number of workers on one queue.

    `deadline` (seconds) bounds each call: a connection that hangs must not take a worker away for ever.
    """

    def __init__(
        self, queue: KeyedQueue[K], work: Work[K], *, count: int, deadline: float, observe: Observe[K]
    ) -> None:
        self._queue = queue
        self._work = work
        self._count = count
        self._deadline = deadline
        self._observe = observe
        self._stopping = False
        self._idle: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the workers in the running loop."""
        self._tasks = [asyncio.create_task(self._run(), name=f"worker-{n}") for n in range(self._count)]

    async def stop(self, *, grace: float) -> None:
        """Take no further key, give running ones `grace` seconds, then cancel them.

        Cutting a run short is safe: every step of a reconcile can be cut, and the next process converges.
        """
        self._stopping = True
        self._queue.close()
        for task in self._idle:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self) -> None:
        while not self._stopping:
            key = await self._take()
            await self._one(key)

    async def _take(self) -> K:
        task = cast("asyncio.Task[None]", asyncio.current_task())  # a worker always is one
        self._idle.add(task)
        try:
            return await self._queue.get()
        finally:
            self._idle.remove(task)

    async def _one(self, key: K) -> None:
        start = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._deadline):
                again = await self._work(key)
        except Pending as error:
            result = error.code
            self._queue.add_after(key, _PENDING_SECONDS)
        except XkitError as error:
            result = error.code
            delay = self._queue.add_failed(key)
            logger.warning("%s: %s", error.code, error, extra={"key": str(key), "retryInSeconds": round(delay, 1)})
        except Exception as error:
            # The outermost loop: a fault met with one key must not stop the worker for the others.
            result = type(error).__name__
            delay = self._queue.add_failed(key)
            logger.exception("Unexpected failure", extra={"key": str(key), "retryInSeconds": round(delay, 1)})
        else:
            result = "done"
            self._queue.forget_failures(key)
            if again is not None:
                self._queue.add_after(key, again)
        finally:
            self._queue.done(key)
        self._observe(key, result, asyncio.get_running_loop().time() - start)
