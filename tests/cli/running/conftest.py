"""`xkit` as its user runs it: a process of its own, with the real runner on the other side."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.executor.conftest import runtime, start_pod

__all__ = ["runtime", "start_pod"]  # fixtures of the runner's tests, which ours stand on
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


async def start_xkit(
    *arguments: object, env: Mapping[str, str] | None = None, **more: Any
) -> asyncio.subprocess.Process:
    """Start `xkit` with these arguments."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "XKIT_TOKEN"},
        "PYTHONPATH": str(ROOT / "operator"),
        **(env or {}),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "xkit_operator.cli", *map(str, arguments),
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, **more,
    )  # fmt: skip


Xkit = Callable[..., Awaitable[Finished]]


@pytest.fixture
async def xkit() -> AsyncIterator[Xkit]:
    """Runs a command to its end; what still runs at the end of a test is killed."""
    started: list[asyncio.subprocess.Process] = []

    async def run(*arguments: object, stdin: bytes = b"", **more: Any) -> Finished:
        process = await start_xkit(*arguments, stdin=asyncio.subprocess.PIPE, **more)
        started.append(process)
        stdout, stderr = await process.communicate(stdin)
        return Finished(process.returncode or 0, stdout.decode(), stderr.decode())

    yield run
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()
