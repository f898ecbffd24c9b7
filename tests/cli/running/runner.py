"""`xkit run` in a process of its own, read as its user reads it."""

import asyncio
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.cli.running.conftest import start_xkit
from tests.executor.pod import eventually

DESTINATION = """\
apiVersion: xkit.dev/v1alpha1
kind: Destination
metadata: {name: crm}
spec:
  variables:
    - {name: greeting, value: hello}
    - {name: apiKey, valueFrom: {secretKeyRef: {name: crm-api, key: token}}}
  inputs:
    - {name: id, type: string}
    - {name: score, type: integer, optional: true}
  functions:
    upsert: {sourceFrom: {configMapKeyRef: {name: crm-functions, key: upsert.js}}}
"""
MAPPING = """\
apiVersion: xkit.dev/v1alpha1
kind: SourceMapping
metadata: {name: crm-hubspot}
spec:
  destinationRef: {name: crm}
  source: {slug: hubspot}
  inputs:
    - {name: id, direct: {pointer: /id}}
    - {name: score, direct: {pointer: /score}}
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: crm-api}
stringData: {token: s3cret-of-the-file}
"""
UPSERT = "module.exports = async ({ inputs, variables }) => { console.log('hi', inputs.id); return 'first' }\n"


def write_project(folder: Path, upsert: str = UPSERT) -> None:
    """A small project with its function in a file of its own."""
    (folder / "functions").mkdir(parents=True)
    (folder / "destination.yaml").write_text(DESTINATION)
    (folder / "mapping.yaml").write_text(MAPPING)
    (folder / "secret.yaml").write_text(SECRET)
    (folder / "functions" / "upsert.js").write_text(upsert)


def save(project: Path, name: str, text: str) -> None:
    """As editors do: written beside its place and moved there, so that nobody reads half of it."""
    fresh = project.with_name("fresh")
    fresh.write_text(text)
    fresh.replace(project / name)


@dataclass
class Run:
    """A running `xkit run`."""

    process: asyncio.subprocess.Process
    scratch: Path
    """Where it puts its temporary files."""
    lines: list[str] = field(default_factory=list)
    url: str = ""
    reading: asyncio.Task[None] | None = None
    session: aiohttp.ClientSession = field(default_factory=aiohttp.ClientSession)

    @classmethod
    async def start(cls, project: Path, scratch: Path, *arguments: str) -> Self:
        process = await start_xkit("run", project, "--port", "0", *arguments, env={"TMPDIR": str(scratch)})
        run = cls(process, scratch)
        run.reading = asyncio.create_task(run._read())
        await run.until("serving at")
        found = re.search(r'http://[^\s"]+', run.text)
        assert found is not None
        run.url = found[0]
        return run

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def until(self, text: str) -> None:
        """Wait until it has printed `text`."""
        await self.until_true(lambda: text in self.text, f"xkit run prints {text!r}")

    async def until_true(self, check: Callable[[], bool], what: str) -> None:
        async def ask() -> bool:
            assert self.process.returncode is None, self.text
            return check()

        await eventually(ask, what)

    async def send(self, record_id: str = "r1", **record: Any) -> dict[str, Any]:
        """The answer to one record, on a connection of its own."""
        envelope = {
            "id": record_id, "operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": record_id, **record}
        }  # fmt: skip
        async with self.session.post(self.url, json=envelope, headers={"connection": "close"}) as response:
            return dict(await response.json(content_type=None))

    async def result(self) -> Any:
        return (await self.send()).get("result")

    async def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), 60)

    def processes(self) -> list[str]:
        """What still runs of it, apart from itself."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment, command = (folder / "environ").read_bytes(), (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.scratch).encode() in environment and int(folder.name) != self.process.pid and command:
                found.append(command.replace(b"\0", b" ").decode())
        return found

    async def close(self) -> None:
        if self.process.returncode is None:
            await self.interrupt()
        await self.session.close()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip("\n"))
