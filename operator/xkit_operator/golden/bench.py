"""Runs the records of golden tests: the dispatcher's mapping, queue and link in this process, and a real executor.

One case at a time, since variables are those of the executor. Whoever wants more at once opens several.
"""

import asyncio
import json
import os
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.dispatching.dispatch import Dispatch
from xkit_operator.dispatcher.dispatching.mappings import Mappings
from xkit_operator.dispatcher.dispatching.replies import OneReply
from xkit_operator.dispatcher.executors.listener import Listener
from xkit_operator.dispatcher.executors.pool import Pool
from xkit_operator.dispatcher.executors.reception import Reception
from xkit_operator.dispatcher.intake.records import Malformed, parse_record
from xkit_operator.dispatcher.queueing.queue import Lane, Queue
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics
from xkit_operator.errors import RunnerNotStarted
from xkit_operator.golden.calls import Exchange
from xkit_operator.golden.suite import Test
from xkit_operator.golden.verdict import Happened
from xkit_operator.local.shipped import executor_folder
from xkit_operator.running.child import Child
from xkit_operator.running.version import Version
from xkit_operator.running.workspace import Workspace

_START_SECONDS = 60.0
_END_SECONDS = 5.0
_TURNS = 5
"""Of the event loop, to read what the function printed: it is in the pipe before the answer is in the socket."""
_INTERCEPT = "golden/intercept.js"


class Bench:
    """An executor that has loaded one version. To be closed."""

    def __init__(self, version: Version, workspace: Workspace, *, lenient: bool) -> None:
        """`lenient`: requests that no case expects are answered as well."""
        self._version = version
        self._workspace = workspace
        self._lenient = lenient
        self._exchange = Exchange(workspace.folder / "golden")
        self._exchange.folder.mkdir()
        self._console: list[str] = []
        self._stack = AsyncExitStack()
        self._changed = asyncio.Event()
        configuration = version.configuration
        timeout = configuration.limits.timeout_seconds
        metrics, log = Metrics(), Log(write=self._log_line)
        self._pool = Pool(timeout=timeout, on_available=self._available, metrics=metrics, log=log)
        self._queue = Queue(self._pool, concurrency=1, timeout=timeout)
        self._reception = Reception(
            self._pool, folder=workspace.folder, timeout=timeout, configuration=self._payload({}), log=log
        )
        self._listener = Listener(workspace.socket, self._reception.new_link, log=log)
        self._mappings = Mappings(configuration)
        self._dispatch = Dispatch(configuration, self._mappings, queue=self._queue, metrics=metrics, log=log)

    @classmethod
    async def open(cls, version: Version, *, node: Path, packages: Path, lenient: bool) -> Self:
        """Start an executor and wait until it has loaded the functions. Raises RunnerNotStarted."""
        bench = cls(version, Workspace.make(version, packages), lenient=lenient)
        try:
            await bench._start(node)
        except BaseException:
            await bench.close()
            raise
        return bench

    async def run(self, test: Test, number: int) -> Happened:
        """Dispatch the record of `test`, the case with this `number`."""
        since = time.perf_counter()
        record = parse_record({"id": f"case-{number}", **test.envelope})
        if isinstance(record, Malformed):
            answer = {"outcome": "malformed", "errors": [{"message": one.message} for one in record.errors]}
            return Happened(None, answer, (), (), time.perf_counter() - since)
        self._console.clear()
        self._exchange.expect(number, record.id, test.case.expect.requests, lenient=self._lenient)
        self._reception.configure(self._payload(test.case.variables))
        mapping = self._mappings.choose(record.operation, record.slug, record.object)
        resolved = None if mapping is None else mapping.resolve(record.record)
        reply = OneReply()
        self._dispatch.accept(((0, record),), Lane(), reply, hopeless=self._pool.is_hopeless)
        answer = json_text.parse((await reply.wait()).body)
        inputs = None if resolved is None or resolved.errors else resolved.inputs
        seconds = time.perf_counter() - since
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        return Happened(inputs, answer, tuple(self._exchange.calls()), tuple(self._console), seconds)

    async def close(self) -> None:
        """End what runs, and leave no file."""
        await self._stack.aclose()

    async def _start(self, node: Path) -> None:
        self._stack.callback(self._workspace.remove)
        await self._listener.open()
        self._stack.callback(self._listener.close)
        environment = {
            "PATH": os.defpath,
            **self._workspace.environment(memory_bytes=self._version.memory_bytes),
            "NODE_OPTIONS": f"--require {json.dumps(str(executor_folder() / _INTERCEPT))}",
            "XKIT_GOLDEN": str(self._exchange.folder),
        }
        host = executor_folder() / "host.js"
        child = await Child.start(node, host, environment=environment, folder=self._workspace.folder / "app")
        self._stack.push_async_callback(self._end, child)
        child.read(self._line)
        ended = asyncio.create_task(child.process.wait())
        ready = asyncio.create_task(self._until_ready())
        await asyncio.wait({ended, ready}, timeout=_START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        is_ready = ready.done()
        ended.cancel()
        ready.cancel()
        if not is_ready:
            raise RunnerNotStarted(self._workspace.last_words())

    async def _end(self, host: Child) -> None:
        """As a Pod ends; the host must not find anybody to connect to again."""
        self._listener.close()
        host.terminate()
        self._reception.hang_up()
        await host.ended(seconds=_END_SECONDS)

    async def _until_ready(self) -> None:
        while not self._pool.is_ready:
            self._changed.clear()
            await self._changed.wait()

    def _available(self) -> None:
        self._changed.set()
        self._queue.pump()

    def _payload(self, given: Mapping[str, Any]) -> bytes:
        declared = self._version.configuration.variables
        variables = {**declared.literals, **self._version.texts, **given}
        return json_text.dump({"variables": variables, "secrets": []})

    def _line(self, line: dict[str, Any]) -> None:
        if "record" in line:
            self._console.append(str(line["message"]))

    def _log_line(self, line: bytes) -> None:
        """The log of the dispatcher says nothing that the answers do not."""
