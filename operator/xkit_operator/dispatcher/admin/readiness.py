"""Whether a record could be started now, as /readyz says it.

The kubelet asks once a second. While a Pod starts, the answer may therefore take a while: one that comes as soon as the
functions are loaded is worth more than a no at once, which would keep the Pod out of its Service for a second more.
"""

import asyncio
import contextlib
from collections.abc import Callable

READY = "ready"
START_SECONDS = 1.5  # below the timeout of the probe


class Readiness:
    """`state` gives READY, or a sentence that says why the runner is not."""

    def __init__(self, state: Callable[[], str]) -> None:
        self._state = state
        self._was_ready = asyncio.Event()

    def look(self) -> None:
        """Something has changed that readiness depends on."""
        if self._state() == READY:
            self._was_ready.set()

    async def answer(self) -> str:
        """The state; before the runner is ready for the first time, the one that it comes to in START_SECONDS."""
        if not self._was_ready.is_set() and self._state() != READY:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._was_ready.wait(), START_SECONDS)
        return self._state()
