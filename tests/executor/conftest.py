"""`start_pod` starts a runner Pod with the given functions; everything ends with the test.

`figures` is where the fault table keeps what it measures; the table is printed at the end.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.executor import fault_report
from tests.executor.fault_report import Figures
from tests.executor.pod import INPUTS, MAPPING, Pod, Runtime, eventually

FIGURES = pytest.StashKey[list[Figures]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash.get(FIGURES, [])
    if rows:
        fault_report.write(rows)
        terminalreporter.section("fault table", sep="=")
        terminalreporter.write_line("\n".join(fault_report.table(rows)))


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> list[Figures]:
    return pytestconfig.stash.setdefault(FIGURES, [])


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    return Runtime.fetch()


StartPod = Callable[..., Awaitable[Pod]]


@pytest.fixture
async def start_pod(runtime: Runtime, tmp_path: Path) -> AsyncIterator[StartPod]:
    pods: list[Pod] = []

    async def start(
        upsert: str | None = None,
        delete: str | None = None,
        *,
        inputs: list[dict[str, Any]] = INPUTS,
        mappings: tuple[dict[str, Any], ...] = (MAPPING,),
        timeout: float = 20.0,
        concurrency: int = 20,
        literals: dict[str, Any] | None = None,
        secrets: dict[str, str] | None = None,
        tokens: tuple[str, ...] = (),
        memory_bytes: int = 256 * 2**20,
        settings: Mapping[str, str] | None = None,
        containers: tuple[str, ...] = ("dispatcher", "function"),
        ready: bool = True,
    ) -> Pod:
        functions = {"upsert": upsert, "delete": delete}
        given = {operation: source for operation, source in functions.items() if source is not None}
        configuration = {
            "version": 1,
            "destination": {"namespace": "team-a", "name": "crm"},
            "inputs": inputs,
            "operations": list(given),
            "limits": {"timeoutSeconds": timeout, "concurrency": concurrency},
            "variables": {"literals": literals or {}, "files": sorted(secrets or {})},
            "tokens": len(tokens),
            "mappings": list(mappings),
        }
        pod = Pod(tmp_path / f"pod{len(pods)}", runtime, configuration, timeout, memory_bytes, settings=settings or {})
        pods.append(pod)
        pod.make_folders(given, secrets or {})
        pod.write_tokens(tokens)
        pod.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        for container in containers:
            pod.start(container)
        await eventually(pod.is_serving, "the dispatcher serves")
        if ready:
            await eventually(pod.is_ready, "the Pod is ready")
        return pod

    yield start
    for pod in pods:
        pod.kill()
        if pod.session is not None:
            await pod.session.close()
