"""Bounded concurrency and waiting, and leaving without losing a record."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.executor.conftest import StartPod
from tests.executor.pod import Pod, eventually, record

# Takes as long as its record says; one that says nothing is held until the gate, a file, is there.
SLEEPS = """
    const fs = require('fs')
    const wait = (ms) => new Promise((done) => setTimeout(done, ms))
    let running = 0; let most = 0
    module.exports = async ({ variables, context }) => {
      most = Math.max(most, ++running)
      if ('ms' in context) await wait(context.ms)
      else do await wait(5); while (!fs.existsSync(variables.gate)) // so that two overlap although it is open
      running--
      return most
    }"""


@dataclass(frozen=True)
class Gate:
    """Holds records of SLEEPS until it is opened."""

    path: Path

    @property
    def literals(self) -> dict[str, str]:
        return {"gate": str(self.path)}

    def open(self) -> None:
        self.path.touch()


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "gate")


async def test_beyond_concurrency_records_wait_and_beyond_five_times_as_many_they_are_429(
    start_pod: StartPod, gate: Gate
) -> None:
    pod = await start_pod(SLEEPS, concurrency=2, timeout=60, literals=gate.literals)
    taken = [asyncio.create_task(pod.send(record(f"r{n}"))) for n in range(12)]
    await eventually(lambda: _waiting(pod, 10), "two records run, ten wait")
    for _ in range(8):
        status, _, headers = await pod.send(record("one more"))
        assert (status, headers["retry-after"]) == (429, "1")
    gate.open()
    answers = await asyncio.gather(*taken)
    assert {status for status, _, _ in answers} == {200}
    assert max(body["result"] for _, body, _ in answers) == 2


async def test_a_record_waits_no_longer_than_the_timeout(start_pod: StartPod) -> None:
    pod = await start_pod(SLEEPS, concurrency=1, timeout=3)
    answers = await asyncio.gather(*(pod.send(record(f"r{n}", context={"ms": 2100})) for n in range(3)))
    assert sorted((status, body.get("code", "")) for status, body, _ in answers) == [
        (200, ""),
        (200, ""),
        (503, "QueueTimeout"),
    ]


async def test_a_single_record_is_not_starved_by_a_batch(start_pod: StartPod) -> None:
    pod = await start_pod(SLEEPS, concurrency=2, timeout=20)
    batch = asyncio.create_task(pod.send([record(f"b{n}", context={"ms": 50}) for n in range(100)]))
    await eventually(lambda: _running(pod), "the batch is running")
    assert (await pod.send(record("single", context={"ms": 1})))[0] == 200
    assert not batch.done()
    assert {result["status"] for result in (await batch)[1]} == {200}


async def test_leaving_under_load_loses_no_record_and_resets_no_connection(start_pod: StartPod, gate: Gate) -> None:
    pod = await start_pod(SLEEPS, concurrency=4, timeout=60, literals=gate.literals)
    last = asyncio.create_task(pod.send(record("last")))
    await eventually(lambda: _running(pod), "the record that will be the last is running")
    stop = asyncio.Event()

    async def sender(number: int) -> Counter[int]:
        """A sender that keeps its connection as long as it may; it goes elsewhere once nobody listens."""
        statuses: Counter[int] = Counter()
        async with aiohttp.ClientSession() as session:
            while not stop.is_set():
                try:
                    async with session.post(pod.url, json=record(f"s{number}", context={"ms": 20})) as response:
                        await response.read()
                        statuses[response.status] += 1
                except aiohttp.ClientConnectorError:
                    break  # refused: the listener is closed. A reset would be another error, and fail the test.
        return statuses

    senders = [asyncio.create_task(sender(number)) for number in range(12)]
    await eventually(lambda: _answered(pod, 50), "records are flowing")
    since = time.monotonic()
    pod.terminate()

    async def is_leaving() -> bool:
        return (await pod.admin("/readyz"))[0] == 503

    await eventually(is_leaving, "it is not ready any more")
    statuses = sum(await asyncio.gather(*senders), Counter())
    assert set(statuses) <= {200, 503}
    assert statuses[200] > 50
    gate.open()
    status, _, headers = await last
    assert (status, headers["connection"]) == (200, "close")
    assert await pod.ended("dispatcher") == 0
    assert await pod.ended("function") == 0
    assert time.monotonic() - since < 30  # not as long as the record might have taken


async def test_what_waits_is_handed_back_when_the_runner_leaves(start_pod: StartPod, gate: Gate) -> None:
    pod = await start_pod(SLEEPS, concurrency=1, timeout=60, literals=gate.literals)
    running = asyncio.create_task(pod.send(record("runs")))
    await eventually(lambda: _running(pod), "a record runs")
    waiting = [asyncio.create_task(pod.send(record(f"waits-{n}"))) for n in range(2)]
    await eventually(lambda: _waiting(pod, 2), "two records wait")
    pod.terminate()
    for status, body, headers in await asyncio.gather(*waiting):
        assert (status, body["code"], headers["retry-after"]) == (503, "ShuttingDown", "1")
    gate.open()
    assert (await running)[0] == 200
    assert await pod.ended("dispatcher") == 0
    failed = [line for line in pod.log("dispatcher") if line["message"] == "record failed"]
    assert [(line["level"], line["code"]) for line in failed] == [("warning", "ShuttingDown")] * 2


async def test_leaving_in_good_order_is_nothing_to_warn_of(start_pod: StartPod) -> None:
    pod = await start_pod(SLEEPS)
    assert (await pod.send(record(context={"ms": 1})))[0] == 200
    pod.terminate()
    assert await pod.ended("dispatcher") == 0
    assert {line["level"] for line in pod.log("dispatcher")} == {"info"}


async def _running(pod: Pod) -> bool:
    return await pod.metric("xkit_runner_records_in_flight") > 0


async def _waiting(pod: Pod, count: int) -> bool:
    return await pod.metric("xkit_runner_records_waiting") == count


async def _answered(pod: Pod, count: int) -> bool:
    name = 'xkit_runner_records_total{operation="upsert",outcome="succeeded",source="hubspot"}'
    return await pod.metric(name) >= count
