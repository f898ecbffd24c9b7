"""What people and machines see of a runner that works: status, metrics, sampled lines."""

import asyncio
import json
import time
from pathlib import Path

from tests.executor.conftest import StartPod
from tests.executor.pod import eventually, record
from xkit_operator.dispatcher.admin.readiness import START_SECONDS

ECHO = "module.exports = async ({ inputs }) => inputs.id"


def mapped(pid: int) -> str:
    """The files that a process has in memory."""
    return Path(f"/proc/{pid}/maps").read_text()


async def test_statusz_says_what_is_loaded_and_no_value(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO, literals={"baseUrl": "https://api.example.com"}, secrets={"key": "s3cr3t"})
    code, text = await pod.admin("/statusz")
    status = json.loads(text)
    assert code == 200
    assert status["destination"] == {"namespace": "team-a", "name": "crm"}
    assert (status["readiness"], status["versions"]["node"]) == ("ready", "v14.21.3")
    assert status["mappings"] == [
        {"name": "crm-hubspot", "source": {"slug": "hubspot", "object": None}, "inputs": ["id", "score"]}
    ]
    assert status["variables"] == ["baseUrl", "key"]
    assert "serving" in {one["state"] for one in status["executors"]}
    assert "s3cr3t" not in text
    assert "api.example.com" not in text


async def test_a_dispatcher_that_serves_has_not_loaded_openssl(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO, tokens=("token",))
    assert (await pod.send(record(), {"authorization": "Bearer token"}))[0] == 200
    files = mapped(pod.processes["dispatcher"].pid)
    assert "uvloop" in files
    assert "libcrypto" not in files


async def test_the_memory_of_executors_is_told(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO)

    async def is_told() -> bool:
        return await pod.metric("xkit_runner_executor_resident_memory_bytes") > 20 * 2**20

    await eventually(is_told, "the host has told of memory")
    executors = json.loads((await pod.admin("/statusz"))[1])["executors"]
    assert all(one["residentBytes"] > 20 * 2**20 for one in executors)


async def test_of_successes_a_few_are_logged_and_each_failure_is(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = async ({ inputs }) => { if (inputs.score) throw new Error('no') }")
    bad = record("bad")
    bad["record"]["score"] = 1
    await asyncio.gather(*(pod.send(record(f"r{number}")) for number in range(50)), pod.send(bad), pod.send(bad))
    lines = pod.log("dispatcher")
    succeeded = [line for line in lines if line["message"] == "records succeeded"]
    assert (len(succeeded), succeeded[0]["records"], succeeded[0]["level"]) == (1, 1, "info")
    assert [line["id"] for line in lines if line["message"] == "record failed"] == ["bad", "bad"]


async def test_a_probe_that_comes_before_the_functions_are_loaded_waits_for_them(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO, containers=("dispatcher",), ready=False)
    begun = time.monotonic()
    probe = asyncio.create_task(pod.admin("/readyz"))
    pod.start("function")
    status, text = await probe
    assert status == 200 or time.monotonic() - begun >= START_SECONDS, text


async def test_a_runner_that_has_lost_its_function_container_says_so_at_once(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO)
    pod.processes["function"].kill()
    pod.processes["function"].wait()

    async def is_unready() -> bool:
        begun = time.monotonic()
        status, _ = await pod.admin("/readyz")
        assert time.monotonic() - begun < START_SECONDS
        return status == 503

    await eventually(is_unready, "the runner is not ready")
