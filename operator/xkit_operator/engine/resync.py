"""The resync: every period, look at every object again, whether or not a watch said something.

It finds what watches lose: an object deleted while a watch was being renewed produces no event at all, and drift
that no event announced. The wiring gives it the listing; it only times, spreads and compares.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Set
from typing import Generic

from xkit_operator.engine.queue import K, KeyedQueue
from xkit_operator.errors import XkitError

logger = logging.getLogger(__name__)

_LOOK = 1.0  # seconds


class Resync(Generic[K]):
    """`list_keys` returns the keys of all objects that exist now; it may raise an XkitError, then it is tried again.

    `period` is in seconds; `random` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        queue: KeyedQueue[K],
        list_keys: Callable[[], Awaitable[Set[K]]],
        *,
        period: float,
        random: Callable[[], float],
    ) -> None:
        self._queue = queue
        self._list_keys = list_keys
        self._period = period
        self._random = random
        self._known: Set[K] = frozenset()

    async def first(self, *, retry: float) -> None:
        """List once, waiting until that works (the kinds may not be installed yet), and queue every key at once."""
        while True:
            try:
                self._known = await self._list_keys()
            except XkitError as error:
                logger.warning("Waiting for the first list: %s: %s", error.code, error)
                await asyncio.sleep(retry)
            else:
                break
        for key in sorted(self._known, key=str):
            self._queue.add(key)

    async def run(self) -> None:
        """Resync for ever. Keys are spread over half a period, so that a resync is a trickle and not a wave.

        What waits goes first, for another period at most: amid a bulk it would look at all that is new twice.
        """
        while True:
            await asyncio.sleep(self._period * (0.9 + 0.2 * self._random()))
            await self._calm(self._period)
            try:
                listed = await self._list_keys()
            except XkitError as error:
                logger.warning("Resync failed: %s: %s", error.code, error)
                continue
            for key in sorted(self._known - listed, key=str):
                self._queue.add(key)
            for key in sorted(listed, key=str):
                self._queue.add_after(key, self._random() * self._period / 2)
            self._known = listed

    async def _calm(self, seconds: float) -> None:
        """Wait until nothing waits, for so many seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._queue.depth:  # noqa: ASYNC110 - of a queue that is empty for a moment nobody tells
                    await asyncio.sleep(_LOOK)
