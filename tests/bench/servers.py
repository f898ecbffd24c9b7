"""The product and its peers as processes on loopback, on the same Node.js 14 binary, with the same work a record."""

import asyncio
import contextlib
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.bench.record import FUNCTION, INPUTS, MAPPING
from tests.bench.shipped import shipped_python
from tests.executor.pod import Pod, Runtime, eventually
from tests.npm import installed
from tests.ports import HeldPort

PEERS = Path(__file__).parent / "peers"
DEADLINE = 20.0
MEMORY = "/dev/shm"  # socket and progress files are in memory, as in the Pod


@dataclass(frozen=True)
class Server:
    """Something that answers records."""

    name: str
    url: str
    roots: tuple[int, ...]
    """The processes that it was started as."""


@contextlib.contextmanager
def runner(runtime: Runtime, *, function: str = FUNCTION, base_url: str = "") -> Iterator[Server]:
    """The runner Pod's processes as they are shipped: dispatcher, host, executors.

    `base_url` is a variable of the function.
    """
    limits = {"timeoutSeconds": 30.0, "concurrency": 32}
    configuration = {
        "version": 1,
        "destination": {"namespace": "bench", "name": "bench"},
        "inputs": INPUTS,
        "operations": ["upsert"],
        "limits": limits,
        "variables": {"literals": {"baseUrl": base_url or "https://api.example.com"}, "files": []},
        "mappings": [MAPPING],
    }
    with tempfile.TemporaryDirectory(prefix="xkit-bench-", dir=MEMORY) as folder:
        pod = Pod(Path(folder), runtime, configuration, 30.0, python=shipped_python())
        pod.make_folders({"upsert": function}, {})
        pod.start("dispatcher")
        pod.start("function")
        try:
            asyncio.run(_ready(pod))
            yield Server("runner", pod.url, tuple(process.pid for process in pod.processes.values()))
        finally:
            pod.kill()


@contextlib.contextmanager
def bare(runtime: Runtime) -> Iterator[Server]:
    """Node's own `http`: parse and answer."""
    with _node("bare", runtime, [str(PEERS / "bare.js")]) as server:
        yield server


@contextlib.contextmanager
def floor(runtime: Runtime) -> Iterator[Server]:
    """The processes of an idle runner Pod without a line of ours: two idle Node.js, an idle Python with asyncio."""
    python = shipped_python()
    node = [runtime.node, "-e", "setInterval(() => {}, 1e6)"]
    commands = [*[node] * 2, [*python.command, "-c", "import asyncio; asyncio.run(asyncio.sleep(1e6))"]]
    environment = {"PATH": os.environ["PATH"], **python.environment}
    processes = [subprocess.Popen(command, env=environment) for command in commands]
    try:
        yield Server("floor", "", tuple(process.pid for process in processes))
    finally:
        for process in processes:
            process.kill()
            process.wait()


@contextlib.contextmanager
def target(runtime: Runtime) -> Iterator[Server]:
    """What a function calls: answers at once."""
    with _node("target", runtime, [str(PEERS / "target.js")]) as server:
        yield server


@contextlib.contextmanager
def express(runtime: Runtime) -> Iterator[Server]:
    """express 4."""
    with _node("express", runtime, [str(installed(PEERS) / "express.js")]) as server:
        yield server


@contextlib.contextmanager
def functions_framework(runtime: Runtime) -> Iterator[Server]:
    """@google-cloud/functions-framework."""
    folder = installed(PEERS)
    main = folder / "node_modules/@google-cloud/functions-framework/build/src/main.js"
    arguments = [str(main), "--target=record", f"--source={folder / 'function.js'}", "--signature-type=http"]
    with _node("functions-framework", runtime, arguments) as server:
        yield server


async def _ready(pod: Pod) -> None:
    async with aiohttp.ClientSession() as pod.session:
        await eventually(pod.is_serving, "the dispatcher serves")
        await eventually(pod.is_ready, "the Pod is ready")


@contextlib.contextmanager
def _node(name: str, runtime: Runtime, arguments: list[str]) -> Iterator[Server]:
    port = HeldPort()
    environment = {"PORT": str(port.number), "NODE_ENV": "production", "PATH": os.environ["PATH"]}
    process = subprocess.Popen([runtime.node, *arguments], env=environment, stdout=subprocess.DEVNULL)
    try:
        _listening(port.number)
        yield Server(name, f"http://{port.address}/v1/records", (process.pid,))
    finally:
        process.kill()
        process.wait()


def _listening(port: int) -> None:
    deadline = time.monotonic() + DEADLINE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"nothing listens on port {port}")
        time.sleep(0.01)
