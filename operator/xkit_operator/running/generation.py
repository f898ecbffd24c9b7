"""The processes that run one version: a dispatcher and a host with its executors, as the two containers of a Pod."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from xkit_operator.errors import RunnerNotStarted
from xkit_operator.local.shipped import executor_folder
from xkit_operator.running.child import Child
from xkit_operator.running.version import Version
from xkit_operator.running.workspace import Workspace

_START_SECONDS = 60.0
_POLL_SECONDS = 0.01
_SPARE_SECONDS = 10.0

OnEvent = Callable[[str, dict[str, Any]], None]
"""Hears of lines: which of the two processes printed it ("dispatcher" or "function"), and the line."""


async def spare_dispatcher() -> Child:
    """A dispatcher that has nothing to serve yet."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    command = (sys.executable, "-m", "xkit_operator.running.dispatcher")
    return await Child.start(*command, environment=environment, folder=Path("/"))


class Generation:
    """A version that runs."""

    def __init__(self, version: Version, workspace: Workspace, dispatcher: Child, host: Child) -> None:
        self._version = version
        self._workspace = workspace
        self._dispatcher = dispatcher
        self._host = host
        self._ports: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        self.port = 0

    @classmethod
    async def start(cls, version: Version, *, node: Path, packages: Path, dispatcher: Child, on_event: OnEvent) -> Self:
        """Start `version` and wait until it serves. Raises RunnerNotStarted; nothing is left then."""
        workspace = Workspace.make(version, packages)
        environment = workspace.environment(memory_bytes=version.memory_bytes)
        host = await Child.start(
            node, executor_folder() / "host.js", environment={"PATH": os.defpath, **environment},
            folder=workspace.folder / "app",
        )  # fmt: skip
        self = cls(version, workspace, dispatcher, host)
        dispatcher.read(lambda line: self._heard(line, on_event))
        host.read(lambda line: on_event("function", line))
        try:
            await dispatcher.tell(json.dumps(environment))
            await self._until_ready()
        except BaseException:
            self.kill()
            await self._gone()
            raise
        return self

    @property
    def has_ended(self) -> bool:
        """Whether one of its processes ended by itself."""
        return self._dispatcher.has_ended or self._host.has_ended

    async def stop(self) -> None:
        """Finish what runs, and leave nothing behind."""
        self._dispatcher.terminate()
        self._host.terminate()
        await self._gone()

    def kill(self) -> None:
        """End at once; `stop` still has to be waited for."""
        self._dispatcher.kill()
        self._host.terminate()  # its executors are processes of their own, which it ends

    def _heard(self, line: dict[str, Any], on_event: OnEvent) -> None:
        if line.get("message") == "serving" and not self._ports.done():
            self._ports.set_result((line["port"], line["adminPort"]))
        else:
            on_event("dispatcher", line)

    async def _until_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + _START_SECONDS
        while not (self._ports.done() and await _is_ready(self._ports.result()[1])):
            if self._host.has_ended:
                raise RunnerNotStarted(self._workspace.last_words())
            if self._dispatcher.has_ended or asyncio.get_running_loop().time() > deadline:
                raise RunnerNotStarted("the runner has not started; its own lines say why")
            await asyncio.sleep(_POLL_SECONDS)
        self.port = self._ports.result()[0]

    async def _gone(self) -> None:
        seconds = self._version.configuration.limits.timeout_seconds + _SPARE_SECONDS
        await asyncio.gather(self._dispatcher.ended(seconds=seconds), self._host.ended(seconds=seconds))
        self._workspace.remove()


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        return b" 200 " in await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()
