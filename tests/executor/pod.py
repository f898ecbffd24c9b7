"""A runner Pod without Kubernetes: the real dispatcher process, real host and executors on Node 14, real sockets."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

ROOT = Path(__file__).parents[2]
EXECUTOR = ROOT / "runtimes" / "executor"
DEADLINE = 90.0  # seconds that anything may take which should take far less

INPUTS = [
    {"name": "id", "type": "string"},
    {"name": "score", "type": "integer", "optional": True},
]
MAPPING = {
    "name": "crm-hubspot",
    "spec": {
        "destinationRef": {"name": "crm"},
        "source": {"slug": "hubspot"},
        "inputs": [{"name": "id", "direct": {"pointer": "/id"}}, {"name": "score", "direct": {"pointer": "/score"}}],
    },
}


def record(record_id: str = "r1", operation: str = "upsert", **more: Any) -> dict[str, Any]:
    """A record that the default mapping accepts."""
    return {
        "id": record_id,
        "operation": operation,
        "source": {"slug": "hubspot"},
        "record": {"id": record_id},
        **more,
    }


async def eventually(check: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask another process again and again until `check` holds; `what` is in the error when it never does."""
    deadline = time.monotonic() + DEADLINE
    while not await check():
        assert time.monotonic() < deadline, f"never came true: {what}"
        await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Runtime:
    """Where the Node binary and the default packages are."""

    node: str
    node_modules: str
    package_json: str

    @classmethod
    def fetch(cls) -> Self:
        """Fetch both once into the user's cache, as the executor's own tests do."""
        cache = EXECUTOR / "test" / "support" / "cache.mjs"
        subprocess.run(["node", cache], check=True, stdout=subprocess.DEVNULL)
        script = (
            f"import({json.dumps(str(cache))})"
            ".then((m) => console.log(JSON.stringify([m.NODE, m.NODE_MODULES, m.PACKAGE_JSON])))"
        )
        found = subprocess.run(["node", "-e", script], stdout=subprocess.PIPE, text=True, check=True)
        return cls(*json.loads(found.stdout))


@dataclass(frozen=True)
class Python:
    """What runs the dispatcher: unless said otherwise, what runs the tests."""

    command: tuple[str, ...] = (sys.executable,)
    environment: Mapping[str, str] = field(default_factory=lambda: {"PYTHONPATH": str(ROOT / "operator")})


@dataclass
class Pod:
    """A runner Pod."""

    folder: Path
    runtime: Runtime
    configuration: dict[str, Any]
    timeout_seconds: float
    memory_bytes: int = 256 * 2**20
    python: Python = Python()
    settings: Mapping[str, str] = field(default_factory=dict)
    """Environment variables beside those that every Pod has."""
    port: int = 0
    admin_port: int = 0
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        return f"{self.root_url}v1/records"

    @property
    def root_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def socket(self) -> Path:
        """Where dispatcher and function container meet."""
        return self.folder / "run" / "dispatcher.sock"

    def make_folders(self, functions: dict[str, str], variables: dict[str, str]) -> None:
        for name in ("app/executor", "app/functions", "run", "config", "variables"):
            (self.folder / name).mkdir(parents=True)
        for file in EXECUTOR.glob("*.js"):
            shutil.copy(file, self.folder / "app" / "executor")
        (self.folder / "app" / "node_modules").symlink_to(self.runtime.node_modules)
        shutil.copy(self.runtime.package_json, self.folder / "app" / "package.json")
        manifest: dict[str, Any] = {"version": 1, "functions": {}}
        for operation, source in functions.items():
            name = f"{operation}.{'mjs' if self._is_module(source) else 'cjs'}"
            manifest["functions"][operation] = {"file": name}
            (self.folder / "app" / "functions" / name).write_text(source)
        (self.folder / "app" / "functions" / "manifest.json").write_text(json.dumps(manifest))
        (self.folder / "config" / "runner.json").write_text(json.dumps(self.configuration))
        self.write_variables(variables, version="1")

    def _is_module(self, source: str) -> bool:
        question = json.dumps({"upsert": {"source": source}}).encode()
        answer = subprocess.run(
            [self.runtime.node, EXECUTOR / "check.js"], input=question, capture_output=True, check=True
        )
        return bool(json.loads(answer.stdout)["upsert"].get("kind") == "module")

    def write_variables(self, variables: dict[str, str], *, version: str) -> None:
        """As the kubelet does it: a new folder, and a link that is swapped in one step."""
        directory = self.folder / "variables"
        (directory / f"..{version}").mkdir()
        for name, text in variables.items():
            (directory / f"..{version}" / name).write_text(text)
            if not (directory / name).is_symlink():
                (directory / name).symlink_to(f"..data/{name}")
        (directory / "..fresh").symlink_to(f"..{version}")
        (directory / "..fresh").rename(directory / "..data")

    def write_tokens(self, tokens: tuple[str, ...]) -> None:
        (self.folder / "tokens").mkdir(exist_ok=True)
        for number, token in enumerate(tokens):
            (self.folder / "tokens" / str(number)).write_text(token)

    def start(self, name: str) -> None:
        """Start `dispatcher` or `function`; output goes to a file of that name."""
        commands = {
            "dispatcher": [*self.python.command, "-m", "xkit_operator.dispatcher"],
            "function": [self.runtime.node, str(self.folder / "app" / "executor" / "host.js")],
        }
        environment = {
            "PATH": "/nonexistent",
            **self.python.environment,
            "XKIT_CONFIG_DIR": str(self.folder / "config"),
            "XKIT_VARIABLES_DIR": str(self.folder / "variables"),
            "XKIT_TOKENS_DIR": str(self.folder / "tokens"),
            "XKIT_SOCKET": str(self.socket),
            "XKIT_PORT": "0",
            "XKIT_ADMIN_PORT": "0",
            "XKIT_MEMORY_BYTES": str(self.memory_bytes),
            "XKIT_FUNCTIONS": str(self.folder / "app" / "functions"),
            "XKIT_TERMINATION_LOG": str(self.folder / "termination-log"),
            **self.settings,
        }
        with (self.folder / f"{name}.log").open("ab") as output:
            self.processes[name] = subprocess.Popen(
                commands[name], cwd=self.folder / "app", env=environment, stdout=output, stderr=output
            )

    def log(self, name: str) -> list[dict[str, Any]]:
        """The lines that a container has printed so far."""
        lines = (self.folder / f"{name}.log").read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]

    async def is_serving(self) -> bool:
        """Whether the dispatcher listens; its ports are known from then on."""
        for line in self.log("dispatcher"):
            if line["message"] == "serving":
                self.port, self.admin_port = line["port"], line["adminPort"]
                return True
        assert self.processes["dispatcher"].poll() is None, self.log("dispatcher")
        return False

    async def is_ready(self) -> bool:
        return (await self.admin("/readyz"))[0] == 200

    async def admin(self, path: str) -> tuple[int, str]:
        assert self.session is not None
        async with self.session.get(f"http://127.0.0.1:{self.admin_port}{path}") as response:
            return response.status, await response.text()

    async def metric(self, line: str) -> float:
        """The value of a line of /metrics; 0 when it is not there yet."""
        _, text = await self.admin("/metrics")
        return sum(float(found.rsplit(" ", 1)[1]) for found in text.splitlines() if found.startswith(line + " "))

    async def send(self, value: Any, headers: Mapping[str, str] | None = None) -> tuple[int, Any, Mapping[str, str]]:
        """POST a record or a list of them: status, body and headers of the answer."""
        assert self.session is not None
        async with self.session.post(self.url, json=value, headers=headers) as response:
            return response.status, await response.json(content_type=None), response.headers

    def terminate(self) -> None:
        """What the kubelet does: SIGTERM to both containers."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)

    async def ended(self, name: str) -> int:
        """The exit code, once there is one."""

        async def check() -> bool:
            return self.processes[name].poll() is not None

        await eventually(check, f"{name} has ended")
        return int(self.processes[name].returncode)

    def kill_function(self) -> None:
        """What the kernel does when the container as a whole exceeds its memory."""
        host = self.processes.pop("function")
        executors = _children(host.pid)
        host.kill()
        host.wait()
        for pid in executors:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def kill(self) -> None:
        """End what still runs."""
        if "function" in self.processes:
            self.kill_function()
        dispatcher = self.processes["dispatcher"]
        dispatcher.kill()
        dispatcher.wait()


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
