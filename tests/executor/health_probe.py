"""Ask /livez every 20 ms on one connection, and tell how long the longest answer took.

A process of its own (`python health_probe.py PORT PID`, ended by closing its standard input), because the event loop of
a test that sends records would count its own delays as the runner's. Time in which the kernel let the dispatcher or
the probe wait for a CPU is told apart: on a shared machine it says nothing about the runner.
"""

import asyncio
import gc
import json
import select
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:  # the probe itself shall start fast, and finds no packages
    from tests.executor.pod import Pod

EVERY_SECONDS = 0.02
LOST_SECONDS = 10.0
REQUEST = b"GET /livez HTTP/1.1\r\nHost: runner\r\n\r\n"
ALIVE = b"HTTP/1.1 200 "
STARTED = b"started\n"


@dataclass(frozen=True)
class Health:
    """What a probe has seen."""

    answers: int
    failures: int
    """Answers that were not 200."""
    longest_ms: float
    longest_own_ms: float
    """The longest answer without the time in the kernel's run queue."""


class HealthProbe:
    """A probe of one admin port, for as long as the block lasts; then `seen` says what it has seen."""

    seen: Health

    def __init__(self, pod: "Pod") -> None:
        self._arguments = (str(pod.admin_port), str(pod.processes["dispatcher"].pid))
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        """Returns once the first answer has come."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            Path(__file__),
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert await self._process.stdout.readline() == STARTED
        return self

    async def __aexit__(self, *failure: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        said, _ = await self._process.communicate()
        self.seen = Health(**json.loads(said))


def _queued(pid: str) -> float:
    """Seconds that a process has waited for a CPU since it was started."""
    return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) / 1e9


def _ask(connection: socket.socket) -> bool:
    connection.sendall(REQUEST)
    return connection.recv(65536).startswith(ALIVE)  # the answer is far smaller than a segment, and comes in one


def _probe(port: int, pid: str) -> Health:
    gc.disable()
    with socket.create_connection(("127.0.0.1", port), timeout=LOST_SECONDS) as connection:
        answers = failures = 0
        longest = longest_own = 0.0
        due = time.perf_counter()
        while not select.select([sys.stdin], [], [], max(0.0, due - time.perf_counter()))[0]:
            queued, since = _queued(pid) + _queued("self"), time.perf_counter()
            failures += not _ask(connection)
            seconds = time.perf_counter() - since
            answers += 1
            longest = max(longest, seconds)
            longest_own = max(longest_own, seconds - (_queued(pid) + _queued("self") - queued))
            due = max(due + EVERY_SECONDS, time.perf_counter())
            if answers == 1:
                sys.stdout.write(STARTED.decode())
                sys.stdout.flush()
    return Health(answers, failures, round(longest * 1000, 1), round(longest_own * 1000, 1))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(vars(_probe(int(sys.argv[1]), sys.argv[2]))))
