"""What the Pods of a Destination write from now on, those included that come later, as in a rollout."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace

from xkit_operator.errors import ApiNotFound, ApiRefused, ApiUnreachable
from xkit_operator.inspecting.logs.container import Container, Extent, Instance, instances
from xkit_operator.inspecting.logs.line import Line
from xkit_operator.inspecting.logs.pods import Note, pods_of
from xkit_operator.kube.client import Cluster

SECONDS = 1.0
"""Between two looks at which Pods there are. A container's log waits for its reader, so none is missed."""
_AHEAD = 1000  # lines that wait for the terminal, before the containers' connections wait


class Following:
    """Reads every container of the Destination `name` in a task of its own, for as long as it runs."""

    def __init__(self, cluster: Cluster, namespace: str, name: str, container: str | None, note: Note) -> None:
        self._cluster = cluster
        self._whose = (namespace, name)
        self._container = container
        self._note = note
        self._known: dict[tuple[str, str], Container] = {}
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._finished: set[tuple[tuple[str, str], str]] = set()
        self._lines: asyncio.Queue[Line] = asyncio.Queue(_AHEAD)

    async def lines(self, extent: Extent, already: list[Instance]) -> AsyncGenerator[Line, None]:
        """Yield lines as they come, until closed. Raises ClusterError when Pods may not be listed.

        `already` were read up to their present position, and within `extent`.
        """
        self._known = {one.container.key: one.container for one in already}
        # Where nothing was there, all that comes counts.
        extent = replace(extent, lines=0 if extent.lines == 0 else None)
        looking = asyncio.create_task(self._look_after_pods(extent))
        try:
            while True:
                coming = asyncio.ensure_future(self._lines.get())
                await asyncio.wait({coming, looking}, return_when=asyncio.FIRST_COMPLETED)
                if looking.done():
                    coming.cancel()
                    looking.result()
                yield await coming
        finally:
            tasks = {looking, *self._tasks.values()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_after_pods(self, extent: Extent) -> None:
        answers = True
        while True:
            try:
                pods = await pods_of(self._cluster, *self._whose)
            except ApiUnreachable as error:
                if answers:
                    self._note(f"{error}; it is tried again")
                answers = False
            else:
                answers = True
                self._attend([one for pod in pods for one in instances(pod, self._container)], extent)
            await asyncio.sleep(SECONDS)

    def _attend(self, present: list[Instance], extent: Extent) -> None:
        for instance in present:
            key = instance.container.key
            task = self._tasks.get(key)
            if (task is not None and not task.done()) or (key, instance.id) in self._finished:
                continue
            if key not in self._known:
                self._known[key] = instance.container
                self._note(f"{key[0]}: {key[1]} has started")
                bounds = Extent()
            else:
                bounds = extent
            self._tasks[key] = asyncio.create_task(self._read(self._known[key], instance, bounds))
        for key in set(self._known) - {one.container.key for one in present}:
            if key not in self._tasks or self._tasks[key].done():
                del self._known[key]
                self._tasks.pop(key, None)
                self._note(f"{key[0]}: {key[1]} has gone")

    async def _read(self, container: Container, instance: Instance, extent: Extent) -> None:
        """To its end; a connection that breaks before it is made again by the next look."""
        with suppress(ApiNotFound, ApiRefused, ApiUnreachable):
            async for line in container.lines(self._cluster, extent, follow=True):
                await self._lines.put(line)
            if not instance.is_running:
                self._finished.add((container.key, instance.id))
