"""Every row of the fault table on the real parts: the culprit's answer, its sixteen neighbours, the Pod's health."""

import asyncio

import pytest

from tests.executor.bystanders import Bystanders, bystanders
from tests.executor.conftest import StartPod
from tests.executor.fault_report import Figures
from tests.executor.fault_table import FAULTS, FUNCTION, Answer, Fault, Others
from tests.executor.pod import Pod, eventually, record

LONGEST_HEALTH_MS = 100
PATIENCE_OF_THE_KUBELET_MS = 5000  # as objects/pod.py has it for /livez
RESTARTS = 'xkit_runner_executor_restarts_total{reason="'


@pytest.fixture
async def idle(start_pod: StartPod) -> Pod:
    """A dispatcher with nothing to do."""
    return await start_pod(FUNCTION, containers=("dispatcher",), ready=False)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_fault_costs_what_the_table_says(
    start_pod: StartPod, idle: Pod, figures: list[Figures], fault: Fault
) -> None:
    pod = await start_pod(FUNCTION, timeout=fault.timeout, concurrency=40)
    async with bystanders(pod, idle, patience=2 * fault.timeout + 30) as seen:
        neighbours = [asyncio.create_task(_send(pod, "never resolves"))] if fault.others.value else []
        await seen.innocents.are_served(1)  # they came after it, so it runs by now
        answers = await asyncio.gather(*(_send(pod, fault.name) for _ in range(fault.culprits)))
        if fault.ends:  # some do so after their answer
            await eventually(lambda: _has_restarted(pod), "the executor is replaced")
    figures.append(_figures(fault.name, answers[0], seen))
    assert set(answers) <= {fault.answer, fault.or_answer}
    assert {await neighbour for neighbour in neighbours} <= fault.others.value
    assert await _restarts(pod) == ({fault.ends: 1} if fault.ends else {})
    _others_are_well(seen, fault.others)


async def test_the_kernel_kills_the_whole_container(start_pod: StartPod, idle: Pod, figures: list[Figures]) -> None:
    pod = await start_pod(FUNCTION, timeout=20, concurrency=40)
    async with bystanders(pod, idle, patience=70) as seen:
        culprit = asyncio.create_task(_send(pod, "never resolves"))
        await seen.innocents.are_served(2)  # it came before them, so it runs by now
        pod.kill_function()
        answer = await culprit
        status, body, headers = await pod.send(record("meanwhile"))
        assert (status, body["code"], headers["retry-after"]) == (503, "NoExecutor", "1")
        assert ((await pod.admin("/livez"))[0], (await pod.admin("/readyz"))[0]) == (200, 503)
        pod.start("function")
    figures.append(_figures("the kernel kills the whole container", answer, seen))
    assert answer == (503, "ExecutorLost")
    _others_are_well(seen, Others.WITHOUT_CONTAINER)


async def _send(pod: Pod, fault: str) -> Answer:
    context = {"fault": fault, "socket": str(pod.socket), "port": pod.port}
    status, body, _ = await pod.send(record(context=context))
    return status, body.get("code") or body.get("warning", {}).get("code")


async def _has_restarted(pod: Pod) -> bool:
    return bool(await _restarts(pod))


async def _restarts(pod: Pod) -> dict[str, int]:
    """How many executors have ended, by reason."""
    _, text = await pod.admin("/metrics")
    lines = [line.removeprefix(RESTARTS) for line in text.splitlines() if line.startswith(RESTARTS)]
    return {reason: int(float(count)) for reason, count in (line.split('"} ') for line in lines)}


def _others_are_well(seen: Bystanders, others: Others) -> None:
    assert seen.innocents.lost == []
    assert seen.innocents.handed_back.keys() <= others.value
    assert seen.health.failures == 0
    # Where a dispatcher with nothing to do is late as well, it is the machine that has no time for either.
    assert seen.health.longest_own_ms < max(LONGEST_HEALTH_MS, 5 * seen.idle_health.longest_own_ms)
    # How long the kernel lets it wait for a CPU depends on what else runs: no probe may fail of that.
    assert seen.health.longest_ms < max(PATIENCE_OF_THE_KUBELET_MS, 5 * seen.idle_health.longest_ms)


def _figures(fault: str, answer: Answer, seen: Bystanders) -> Figures:
    status, code = answer
    innocents = seen.innocents
    return Figures(
        fault=fault,
        culprit=f"{status} {code or ''}",
        served=sum(innocents.served),
        handed_back=innocents.handed_back.total(),
        lost=len(innocents.lost),
        health_ms=seen.health.longest_ms,
        own_health_ms=seen.health.longest_own_ms,
        idle_health_ms=seen.idle_health.longest_ms,
    )
