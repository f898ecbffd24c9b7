"""A process that prints lines of JSON, in a session of its own: Ctrl-C on the terminal reaches its parent alone."""

import asyncio
import ctypes
import json
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, cast

_LONGEST_LINE = 2**24
_PR_SET_PDEATHSIG = 1

OnLine = Callable[[dict[str, Any]], None]


class Child:
    """A running process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, *command: str | Path, environment: Mapping[str, str], folder: Path) -> Self:
        """Start it; it ends when this process ends, however that comes."""
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, cwd=folder, stdin=PIPE, stdout=PIPE, stderr=STDOUT,
            limit=_LONGEST_LINE, start_new_session=True, preexec_fn=_end_with_parent,
        )  # fmt: skip
        return cls(process)

    @property
    def has_ended(self) -> bool:
        return self.process.returncode is not None

    def read(self, on_line: OnLine) -> None:
        """Hand each line that it prints to `on_line`, from now on."""
        self._reading = asyncio.get_running_loop().create_task(self._read(on_line))

    async def tell(self, line: str) -> None:
        """Write a line to its standard input."""
        stdin = cast(asyncio.StreamWriter, self.process.stdin)  # as it is started
        stdin.write(line.encode() + b"\n")
        await stdin.drain()

    def terminate(self) -> None:
        """Ask it to leave."""
        if not self.has_ended:
            with suppress(ProcessLookupError):
                self.process.terminate()

    async def ended(self, *, seconds: float) -> None:
        """Wait for its end and its last line; after `seconds` it is killed."""
        try:
            await asyncio.wait_for(self.process.wait(), seconds)
        except TimeoutError:
            self.kill()
            await self.process.wait()
        if self._reading is not None:
            await self._reading

    def kill(self) -> None:
        """End it now."""
        if not self.has_ended:
            with suppress(ProcessLookupError):
                self.process.kill()

    async def _read(self, on_line: OnLine) -> None:
        async for text in cast(asyncio.StreamReader, self.process.stdout):  # as it is started
            on_line(_line(text))


def _line(text: bytes) -> dict[str, Any]:
    """What is no JSON, such as a trace of Python, is a message all the same."""
    with suppress(ValueError):
        value = json.loads(text)
        if isinstance(value, dict):
            return value
    return {"level": "error", "message": text.decode(errors="replace").rstrip()}


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
