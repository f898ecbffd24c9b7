"""A Pod that nobody needs does without its standby, and its senders do not notice."""

import json
import os
import signal

from tests.executor.conftest import StartPod
from tests.executor.pod import Pod, eventually, record

PID = "module.exports = async () => process.pid"
BRIEF = {"XKIT_STANDBY_SECONDS": "0.5"}


async def states(pod: Pod) -> list[str]:
    return [one["state"] for one in json.loads((await pod.admin("/statusz"))[1])["executors"]]


async def is_alone(pod: Pod) -> bool:
    return await states(pod) == ["serving"]


async def has_standby(pod: Pod) -> bool:
    return await states(pod) == ["serving", "standby"]


async def test_the_standby_ends_when_nothing_happens_and_is_back_after_a_record(start_pod: StartPod) -> None:
    pod = await start_pod(PID, settings=BRIEF)
    _, first, _ = await pod.send(record())
    await eventually(lambda: is_alone(pod), "the standby has ended")
    assert (await pod.send(record()))[1]["result"] == first["result"]
    await eventually(lambda: has_standby(pod), "there is a standby again")


async def test_that_a_standby_ends_is_no_fault(start_pod: StartPod) -> None:
    pod = await start_pod(PID, settings=BRIEF)
    await eventually(lambda: is_alone(pod), "the standby has ended")
    assert "xkit_runner_executor_restarts_total{" not in (await pod.admin("/metrics"))[1]
    assert {line["level"] for name in pod.processes for line in pod.log(name)} == {"info"}
    assert await pod.is_ready()


async def test_a_record_is_answered_when_the_only_executor_is_killed_in_a_quiet_time(start_pod: StartPod) -> None:
    pod = await start_pod(PID, settings=BRIEF)
    _, first, _ = await pod.send(record())
    await eventually(lambda: is_alone(pod), "the standby has ended")
    os.kill(first["result"], signal.SIGKILL)
    status, second, _ = await pod.send(record())
    assert (status, second["outcome"]) == (200, "succeeded")
    assert second["result"] != first["result"]
