"""Leadership among processes that are cut off, paused and killed: there is never more than one leader."""

import asyncio
import random
from collections.abc import Callable

import pytest

from tests.unit.kube.leases import LeaseServer, Line, lease
from xkit_operator.app.leading import Leadership

pytestmark = pytest.mark.looptime


class Process:
    """One operator process; `clock` runs at its own pace, as clocks do."""

    def __init__(self, server: LeaseServer, name: str, *, line: Line | None = None, pace: float = 1.0) -> None:
        self.name = name
        self.line = line or Line()
        self.abandoned: list[str] = []
        self.lease = lease(server, name, line=self.line, pace=pace)
        self.leadership = Leadership(self.lease, self.abandoned.append)
        self.waiting = asyncio.create_task(self.leadership.acquire())

    async def kill(self) -> None:
        """As `kill -9`: nothing of it goes on but the requests that have left."""
        tasks = [self.waiting, self.leadership._keeping]
        for task in filter(None, tasks):
            task.cancel()
        self.lease._renewed = None

    async def terminate(self) -> None:
        self.waiting.cancel()
        await self.leadership.release()


async def seconds_until(ask: Callable[[], bool]) -> float:
    loop = asyncio.get_running_loop()
    start = loop.time()
    while not ask():
        assert loop.time() - start < 100
        await asyncio.sleep(0.01)
    return loop.time() - start


async def test_a_leader_leads_on_and_a_standby_stands_by() -> None:
    server = LeaseServer()
    first = Process(server, "first")
    await asyncio.sleep(1)
    second = Process(server, "second")
    for _ in range(300):
        await asyncio.sleep(1)
        assert first.lease.held
        assert not second.lease.held
    assert first.abandoned == []
    await second.terminate()
    await first.terminate()


async def test_the_standby_takes_over_soon_after_a_release() -> None:
    server = LeaseServer()
    first = Process(server, "first")
    await asyncio.sleep(1)
    second = Process(server, "second")
    for delay in (5.0, 5.3, 5.9, 6.4):
        await asyncio.sleep(delay)
        await first.terminate()
        assert await seconds_until(lambda one=second: one.lease.held) < 1.6
        first, second = second, Process(server, f"after {delay}")
    await first.terminate()
    await second.terminate()


async def test_a_leader_that_is_cut_off_has_ended_well_before_the_standby_begins() -> None:
    server = LeaseServer()
    first = Process(server, "first")
    await asyncio.sleep(1)
    second = Process(server, "second")
    await asyncio.sleep(20)
    first.line.cut = True
    ended = await seconds_until(lambda: not first.lease.held)
    await seconds_until(lambda: first.abandoned != [])
    assert 8 <= ended <= 10
    gap = await seconds_until(lambda: second.lease.held)
    assert 4.5 <= gap <= 9
    assert "not renewed" in first.abandoned[0]
    await second.terminate()


async def test_a_short_outage_costs_no_leadership() -> None:
    server = LeaseServer()
    first = Process(server, "first")
    await asyncio.sleep(10)
    first.line.cut = True
    await asyncio.sleep(5)
    first.line.cut = False
    await asyncio.sleep(60)
    assert first.lease.held
    assert first.abandoned == []
    await first.terminate()


async def test_a_leader_that_another_has_replaced_ends_and_says_for_whom() -> None:
    server = LeaseServer()
    first = Process(server, "first")
    await asyncio.sleep(5)
    server.edit(holderIdentity="other")
    await seconds_until(lambda: first.abandoned != [])
    assert "other" in first.abandoned[0]
    assert not first.lease.held


async def test_a_process_that_was_stopped_for_long_does_not_take_up_its_work_again() -> None:
    """As after SIGSTOP: its clock has gone on, and nothing of it has run."""
    server = LeaseServer()
    first = Process(server, "first")
    await asyncio.sleep(5)
    assert first.lease.held
    first.lease._clock = lambda: asyncio.get_running_loop().time() + 12
    assert not first.lease.held
    await seconds_until(lambda: first.abandoned != [])


@pytest.mark.parametrize("seed", range(8))
async def test_there_are_never_two_leaders(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - faults are drawn with it, and can be drawn again
    server = LeaseServer()
    made = 0

    def process() -> Process:
        nonlocal made
        made += 1
        slow = Line(there=lambda: dice.expovariate(3), back=lambda: dice.expovariate(3))
        return Process(server, f"process-{made}", line=slow, pace=dice.uniform(0.9, 1.1))

    processes = [process() for _ in range(3)]
    led: set[str] = set()
    for _ in range(800):  # of a quarter of a second
        await asyncio.sleep(0.25)
        leaders = [one.name for one in processes if one.lease.held]
        assert len(leaders) <= 1
        led.update(leaders)
        for number, one in enumerate(processes):
            chance = dice.random()
            if one.abandoned or chance < 0.003:
                await one.kill()
                processes[number] = process()
            elif chance < 0.006:
                await one.terminate()
                processes[number] = process()
            elif chance < 0.03:
                one.line.cut = not one.line.cut
    assert len(led) > 2
    for one in processes:
        await one.kill()
