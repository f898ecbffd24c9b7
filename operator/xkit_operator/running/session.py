"""`xkit run` from its start to Ctrl-C: serves the last version that works, and replaces it when a file changes.

The next generation is ready before it gets the first connection, and the last one finishes what it has: both serve for
a moment, and no record is lost between them.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.errors import XkitError
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.running.child import Child
from xkit_operator.running.display import Display
from xkit_operator.running.generation import Generation, spare_dispatcher
from xkit_operator.running.relay import Relay
from xkit_operator.running.version import Broken, Choice, Version, read_version
from xkit_operator.running.watch import SECONDS, Snapshot, snapshot


@dataclass(frozen=True)
class Machine:
    """What functions run on."""

    node: Path
    packages: Path


class Session:
    """One runner on this machine."""

    def __init__(self, choice: Choice, machine: Machine, relay: Relay, display: Display) -> None:
        self._choice = choice
        self._machine = machine
        self._relay = relay
        self._display = display
        self._current: Generation | None = None
        self._served: Version | None = None
        self._lags = False
        """Whether the files say something that could not be served."""
        self._checker = SyntaxChecker()
        self._seen: Snapshot = {}
        self._leaving: dict[asyncio.Task[None], Generation] = {}
        self._spare: asyncio.Task[Child] = self._new_spare()

    async def start(self) -> None:
        """Serve the project as it is. Raises Broken and XkitError."""
        self._seen = self._look()
        await self._serve(await read_version(self._choice, self._machine.node, self._checker))

    async def follow(self) -> None:
        """Serve each new version, until cancelled."""
        while True:
            await asyncio.sleep(SECONDS)
            now = self._look()
            if now != self._seen:
                self._seen = now
                await self._reload()
            elif self._current is not None and self._current.has_ended:
                self._display.note("the runner has ended by itself; it is started again")
                await self._reload()

    async def close(self) -> None:
        """Finish what runs, and leave no process and no file."""
        self._relay.close()
        await self._checker.close()
        spare = await self._spare
        spare.kill()
        await spare.ended(seconds=1)
        self._retire()
        await asyncio.gather(*self._leaving)

    def kill(self) -> None:
        """Do not wait for what runs."""
        for generation in self._leaving.values():
            generation.kill()

    async def _reload(self) -> None:
        since = time.monotonic()
        lagged, self._lags = self._lags, True
        try:
            version = await read_version(self._choice, self._machine.node, self._checker)
            if version == self._served and self._current is not None and not self._current.has_ended:
                self._lags = False  # a golden test, say, was saved: it stands beside the manifests
                if lagged:
                    self._display.note("what the files say is what is served")
                return
            await self._serve(version)
        except Broken as broken:
            self._display.note(f"the change is not served:\n{broken}", findings=list(map(str, broken.findings)))
        except XkitError as error:
            self._display.note(f"the change is not served: {error}", code=error.code)
        else:
            self._lags = False
            milliseconds = round((time.monotonic() - since) * 1000)
            self._display.note(f"reloaded in {milliseconds} ms", milliseconds=milliseconds)

    async def _serve(self, version: Version) -> None:
        spare, self._spare = await self._spare, self._new_spare()
        generation = await Generation.start(
            version,
            node=self._machine.node,
            packages=self._machine.packages,
            dispatcher=spare,
            on_event=self._display.event,
        )
        self._relay.target = generation.port
        self._retire()
        self._current, self._served = generation, version

    def _retire(self) -> None:
        if self._current is not None:
            task = asyncio.get_running_loop().create_task(self._current.stop())
            self._leaving[task] = self._current
            task.add_done_callback(self._leaving.pop)

    def _new_spare(self) -> asyncio.Task[Child]:
        return asyncio.get_running_loop().create_task(spare_dispatcher())

    def _look(self) -> Snapshot:
        return snapshot(self._choice.paths)


@asynccontextmanager
async def served(choice: Choice, machine: Machine, display: Display) -> AsyncIterator[str]:
    """The URL of a runner of the project as it is now, for as long as it is needed. Raises Broken and XkitError."""
    relay = await Relay.open(0)
    session = Session(choice, machine, relay, display)
    try:
        await session.start()
        yield f"http://127.0.0.1:{relay.port}"
    finally:
        await session.close()
