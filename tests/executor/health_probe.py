"""Ask /livez every 20 ms on one connection, and tell how long the longest answer took.

A process of its own (`python health_probe.py PORT`, ended by closing its standard input), because the event loop of a
test that sends records would count its own delays as the runner's. `HealthProbe` starts and ends it.
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
from typing import Self

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


class HealthProbe:
    """A probe of one admin port, for as long as the block lasts; then `seen` says what it has seen."""

    seen: Health

    def __init__(self, port: int) -> None:
        self._port = port
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        """Returns once the first answer has come."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            Path(__file__),
            str(self._port),
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


def _ask(connection: socket.socket) -> tuple[bool, float]:
    since = time.perf_counter()
    connection.sendall(REQUEST)
    answer = connection.recv(65536)  # it is far smaller than a segment, and comes in one
    return answer.startswith(ALIVE), time.perf_counter() - since


def _probe(port: int) -> Health:
    gc.disable()
    with socket.create_connection(("127.0.0.1", port), timeout=LOST_SECONDS) as connection:
        answers = failures = 0
        longest = 0.0
        due = time.perf_counter()
        while not select.select([sys.stdin], [], [], max(0.0, due - time.perf_counter()))[0]:
            alive, seconds = _ask(connection)
            answers += 1
            failures += not alive
            longest = max(longest, seconds)
            due = max(due + EVERY_SECONDS, time.perf_counter())
            if answers == 1:
                sys.stdout.write(STARTED.decode())
                sys.stdout.flush()
    return Health(answers, failures, round(longest * 1000, 1))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(vars(_probe(int(sys.argv[1])))))
