import asyncio
import itertools
import logging

import pytest

from xkit_operator.engine.backoff import Backoff
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.engine.worker import Work, Workers
from xkit_operator.errors import Pending, RegistryUnreachable

pytestmark = pytest.mark.looptime


class Bench:
    """Workers on a queue, and what they reported."""

    def __init__(self, work: Work[str], *, count: int = 2) -> None:
        self.queue: KeyedQueue[str] = KeyedQueue(Backoff(base=1, factor=2, cap=30, jitter=0), lambda: 0.5)
        self.results: list[tuple[str, str]] = []
        self.workers = Workers(self.queue, work, count=count, deadline=100, observe=self._observe)
        self.workers.start()

    def _observe(self, key: str, result: str, _seconds: float) -> None:
        self.results.append((key, result))


async def test_what_a_run_returns_is_when_the_key_comes_back() -> None:
    times = []

    async def work(_: str) -> float | None:
        times.append(asyncio.get_running_loop().time())
        return 10 if len(times) < 3 else None

    bench = Bench(work)
    bench.queue.add("a")
    await asyncio.sleep(100)
    await bench.workers.stop(grace=1)
    assert [time - times[0] for time in times] == [pytest.approx(0), pytest.approx(10), pytest.approx(20)]


async def test_a_failed_key_is_tried_again_with_growing_pauses_and_holds_nobody_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    times = []

    async def work(key: str) -> float | None:
        if key == "good":
            return None
        times.append(asyncio.get_running_loop().time())
        if len(times) < 4:
            raise RegistryUnreachable("no answer")
        return None

    bench = Bench(work, count=1)
    bench.queue.add("bad")
    bench.queue.add("good")
    await asyncio.sleep(60)
    await bench.workers.stop(grace=1)
    assert [time - times[0] for time in times] == [pytest.approx(n) for n in (0, 1, 3, 7)]
    assert bench.results == [
        ("bad", "RegistryUnreachable"),
        ("good", "done"),
        ("bad", "RegistryUnreachable"),
        ("bad", "RegistryUnreachable"),
        ("bad", "done"),
    ]
    assert {record.levelno for record in caplog.records if record.name.startswith("xkit")} == {logging.WARNING}


async def test_an_unexpected_error_stops_neither_the_worker_nor_the_key(caplog: pytest.LogCaptureFixture) -> None:
    seen = []

    async def work(key: str) -> float | None:
        seen.append(key)
        if len(seen) == 1:
            raise ZeroDivisionError
        return None

    bench = Bench(work, count=1)
    bench.queue.add("a")
    await asyncio.sleep(10)
    await bench.workers.stop(grace=1)
    assert bench.results == [("a", "ZeroDivisionError"), ("a", "done")]
    assert "ZeroDivisionError" in caplog.text


async def test_a_run_that_hangs_is_ended_at_its_deadline() -> None:
    async def work(_: str) -> float | None:
        await asyncio.Event().wait()
        return None

    bench = Bench(work, count=1)
    bench.queue.add("a")
    await asyncio.sleep(100.5)
    await bench.workers.stop(grace=1)
    assert bench.results == [("a", "TimeoutError")]


async def test_a_key_is_never_worked_on_by_two_workers() -> None:
    running = 0
    most = 0

    async def work(_: str) -> float | None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(1)
        running -= 1
        return None

    bench = Bench(work, count=4)
    for _ in range(10):
        bench.queue.add("a")
        await asyncio.sleep(0.3)
    await bench.workers.stop(grace=5)
    assert most == 1


async def test_stop_lets_running_work_end_and_takes_no_more() -> None:
    ended = []

    async def work(key: str) -> float | None:
        await asyncio.sleep(2)
        ended.append(key)
        return None

    bench = Bench(work, count=1)
    bench.queue.add("a")
    bench.queue.add("b")
    await asyncio.sleep(1)
    await bench.workers.stop(grace=5)
    assert ended == ["a"]


async def test_stop_cuts_what_does_not_end_in_its_grace() -> None:
    async def work(_: str) -> float | None:
        await asyncio.sleep(50)
        return None

    bench = Bench(work, count=1)
    bench.queue.add("a")
    await asyncio.sleep(1)
    start = asyncio.get_running_loop().time()
    await bench.workers.stop(grace=5)
    assert asyncio.get_running_loop().time() - start == pytest.approx(5)


async def test_what_is_pending_is_looked_at_again_and_does_not_shorten_the_pauses_after_failures() -> None:
    times = []

    async def work(_: str) -> float | None:
        times.append(asyncio.get_running_loop().time())
        raise RegistryUnreachable("gone") if len(times) % 2 else Pending("under way")

    bench = Bench(work)
    bench.queue.add("a")
    await asyncio.sleep(25)
    await bench.workers.stop(grace=1)
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert pauses == [pytest.approx(pause) for pause in (1, 5, 2, 5, 4, 5)]
    assert ("a", "Pending") in bench.results
