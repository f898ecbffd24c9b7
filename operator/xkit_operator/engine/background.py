"""Work that goes on when the run that started it is over: one task for each key, which comes back when it has ended.

A worker has a deadline, and other keys wait for it; an upload over a slow line keeps neither. So a run waits for such
work a little, leaves it to itself, and collects the result in a later run. Knows nothing of what a key means.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xkit_operator.engine.queue import K

Result = TypeVar("Result")

_KEPT_SECONDS = 60.0  # a result that nobody collects: its object was deleted or edited meanwhile


@dataclass
class _Errand(Generic[Result]):
    variant: Hashable
    task: asyncio.Task[Result]
    left: bool = False  # whether a run has given up waiting for it


class Background(Generic[K, Result]):
    """`wake` is called with a key when its task ends after a run has left it. The end of the loop cancels all tasks."""

    def __init__(self, wake: Callable[[K], None]) -> None:
        self._wake = wake
        self._errands: dict[K, _Errand[Result]] = {}
        self._tasks: dict[asyncio.Task[Result], K] = {}  # the loop itself holds them weakly

    async def result(
        self, key: K, variant: Hashable, work: Callable[[], Coroutine[Any, Any, Result]], *, patience: float
    ) -> Result:
        """What `work` returns or raises, once for each time that it is done. Raises TimeoutError while it goes on.

        It is started unless it runs for this `key` already, in the same `variant`. The first run that asks waits
        `patience` seconds; those after it do not wait at all.
        """
        errand = self._errands.get(key)
        if errand is None or errand.variant != variant:
            errand = self._start(key, variant, work)
        if not errand.left:
            try:
                await asyncio.wait({errand.task}, timeout=patience)
            finally:
                errand.left = not errand.task.done()
        if not errand.task.done():
            raise TimeoutError
        self._forget(key, errand)
        return errand.task.result()

    def busy(self, key: K) -> bool:
        """Whether anything goes on for `key`, in whatever variant."""
        return key in self._tasks.values()

    def _start(self, key: K, variant: Hashable, work: Callable[[], Coroutine[Any, Any, Result]]) -> _Errand[Result]:
        task = asyncio.create_task(work(), name=f"background of {key}")
        errand = self._errands[key] = _Errand(variant, task)
        self._tasks[task] = key
        task.add_done_callback(lambda _: self._ended(key, errand))
        return errand

    def _ended(self, key: K, errand: _Errand[Result]) -> None:
        self._tasks.pop(errand.task, None)
        if errand.task.cancelled():
            return
        errand.task.exception()  # marks it as seen: an object that is gone has nobody who collects it
        if errand.left:
            self._wake(key)
            asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._forget, key, errand)

    def _forget(self, key: K, errand: _Errand[Result]) -> None:
        if self._errands.get(key) is errand:
            del self._errands[key]
