"""The Pod that is fuzzed, and what its dispatcher process costs while it is."""

import json
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests import open_files
from tests.executor.pod import INPUTS, MAPPING, Pod, Runtime, eventually

FUNCTION = "module.exports = async ({ inputs, meta }) => ({ id: inputs.id, operation: meta.operation })"
CONCURRENCY = 200  # so that the bad senders alone never fill the queue: it would refuse the innocent ones as well
_CONFIGURATION = {
    "version": 1,
    "destination": {"namespace": "team-a", "name": "crm"},
    "inputs": INPUTS,
    "operations": ["upsert", "delete"],
    "limits": {"timeoutSeconds": 20, "concurrency": CONCURRENCY},
    "variables": {"literals": {}, "files": []},
    "tokens": 0,
    "mappings": [MAPPING],
}


@asynccontextmanager
async def running_pod() -> AsyncIterator[Pod]:
    """A Pod that is ready; it ends with the context."""
    with open_files.as_many_as_ever(), tempfile.TemporaryDirectory(prefix="fuzz") as folder:
        pod = Pod(Path(folder) / "pod", Runtime.fetch(), _CONFIGURATION, timeout_seconds=20)
        pod.make_folders({"upsert": FUNCTION, "delete": FUNCTION}, {})
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as pod.session:
            try:
                with open_files.at_most(1024):  # as few as containers often may, until it asks for more
                    pod.start("dispatcher")
                pod.start("function")
                await eventually(pod.is_serving, "the dispatcher serves")
                await eventually(lambda: _is_whole(pod), "an executor serves, another stands by")
                yield pod
            finally:
                pod.kill()


async def _is_whole(pod: Pod) -> bool:
    """What comes later would be taken for something that was left open."""
    return await pod.metric("xkit_runner_executors_ready") == 2


class Watch:
    """The dispatcher's process, seen from outside: memory, open files, and what it logs about itself."""

    def __init__(self, pod: Pod) -> None:
        self._process = pod.processes["dispatcher"]
        self._proc = Path(f"/proc/{self._process.pid}")
        self._log = pod.folder / "dispatcher.log"
        self._read = 0  # bytes of the log that have been looked at
        self.files_at_start = self.files()
        self.start = self.memory()

    def is_running(self) -> bool:
        return self._process.poll() is None

    def memory(self) -> int:
        """MiB that are resident now."""
        return self._mebibytes("VmRSS")

    def peak(self) -> int:
        """MiB that were resident at most."""
        return self._mebibytes("VmHWM")

    def files(self) -> int:
        """How many files and sockets are open."""
        return len(os.listdir(self._proc / "fd"))

    def faults(self) -> list[str]:
        """What it has logged since the last call that it should never log."""
        found = []
        with self._log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]  # a line may be in the middle of being written
        self._read += len(whole)
        for line in whole.splitlines():
            if not line.startswith(b"{"):
                found.append(line.decode(errors="replace"))
            elif b'"a fault of the runner itself"' in line or b'"the function container broke the protocol"' in line:
                found.append(json.dumps(json.loads(line)))
        return found

    def _mebibytes(self, name: str) -> int:
        for line in (self._proc / "status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) // 1024
        raise LookupError(name)
