"""Node.js processes that parse functions: started when there is something to parse, and kept for what comes next.

To start one takes 40 ms and more, to ask one that runs 2 ms: who edits functions edits them several times.
"""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from xkit_operator.errors import BuildFailed

TIMEOUT_SECONDS = 30.0
KEPT_SECONDS = 300.0
MOST_PROCESSES = 2
# An ES module that is in order is then parsed by this process; one of its own takes 60 ms.
_FLAGS = ("--experimental-vm-modules", "--no-warnings")
_LONGEST_ANSWER = 2**21  # bytes: an error may quote a whole regular expression


class Parser:
    """`node` runs `script`, which answers a line of JSON with a line of JSON. To be closed."""

    def __init__(self, node: Path, script: Path) -> None:
        self._command = (node, *_FLAGS, script)
        self._free = asyncio.Semaphore(MOST_PROCESSES)
        self._idle: list[Process] = []
        self._end: asyncio.TimerHandle | None = None

    async def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to `question`. Raises BuildFailed."""
        async with self._free:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                answer = await _exchange(process, json.dumps(question).encode())
            except BaseException:
                _kill(process)
                raise
            self._idle.append(process)
            self._keep()
            return answer

    async def close(self) -> None:
        """End the processes that nobody waits for."""
        if self._end is not None:
            self._end.cancel()
        ended = self._end_idle()
        await asyncio.gather(*(process.wait() for process in ended))

    def _keep(self) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._end_idle)

    def _end_idle(self) -> list[Process]:
        ended, self._idle = self._idle, []
        for process in ended:
            _kill(process)
        return ended

    async def _start(self) -> Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={}, limit=_LONGEST_ANSWER
            )
        except OSError as error:
            raise BuildFailed(
                f"the runtime's syntax check does not start ({error}): build the operator's image again"
            ) from error


async def _exchange(process: Process, question: bytes) -> dict[str, Any]:
    questions, answers = cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            questions.write(question + b"\n")
            answer = await answers.readline()
            if not answer:
                raise BuildFailed(await _last_words(process))
    except TimeoutError as error:
        raise BuildFailed(f"the runtime's syntax check gave no answer in {TIMEOUT_SECONDS:.0f} s") from error
    return dict(json.loads(answer))


async def _last_words(process: Process) -> str:
    _, complaint = await process.communicate()
    words = complaint.decode(errors="replace").strip()[:500]
    return f"the runtime's syntax check ended with code {process.returncode}: {words}"


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
