import asyncio

import pytest

from xkit_operator.engine.background import Background
from xkit_operator.engine.backoff import Backoff
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.engine.worker import Workers
from xkit_operator.errors import RegistryUnreachable

pytestmark = pytest.mark.looptime


class Upload:
    """Takes ten seconds; says how often it was started and finished."""

    def __init__(self, error: Exception | None = None) -> None:
        self.started = self.finished = 0
        self._error = error

    async def __call__(self) -> str:
        self.started += 1
        await asyncio.sleep(10)
        self.finished += 1
        if self._error is not None:
            raise self._error
        return "done"


async def test_what_ends_in_time_is_returned_at_once_and_wakes_nobody() -> None:
    woken: list[str] = []
    background: Background[str, str] = Background(woken.append)
    assert await background.result("a", 1, Upload(), patience=11) == "done"
    await asyncio.sleep(1)
    assert woken == []


async def test_what_takes_longer_goes_on_wakes_its_key_and_is_collected_once() -> None:
    woken: list[str] = []
    background: Background[str, str] = Background(woken.append)
    upload = Upload()
    with pytest.raises(TimeoutError):
        await background.result("a", 1, upload, patience=2)
    await asyncio.sleep(9)
    assert woken == ["a"]
    assert await background.result("a", 1, upload, patience=2) == "done"
    assert upload.started == 1
    with pytest.raises(TimeoutError):
        await background.result("a", 1, upload, patience=2)
    assert upload.started == 2


async def test_a_later_run_does_not_wait_again() -> None:
    background: Background[str, str] = Background(lambda _: None)
    upload = Upload()
    start = asyncio.get_running_loop().time()
    for _ in range(5):
        with pytest.raises(TimeoutError):
            await background.result("a", 1, upload, patience=2)
    assert asyncio.get_running_loop().time() - start == pytest.approx(2)


async def test_a_failure_is_told_to_the_run_that_collects_it() -> None:
    background: Background[str, str] = Background(lambda _: None)
    upload = Upload(RegistryUnreachable("gone"))
    with pytest.raises(TimeoutError):
        await background.result("a", 1, upload, patience=2)
    await asyncio.sleep(9)
    with pytest.raises(RegistryUnreachable):
        await background.result("a", 1, upload, patience=2)


async def test_another_variant_is_started_beside_the_old_one_whose_result_is_nobodys() -> None:
    background: Background[str, str] = Background(lambda _: None)
    old, new = Upload(), Upload()
    with pytest.raises(TimeoutError):
        await background.result("a", 1, old, patience=2)
    assert await background.result("a", 2, new, patience=11) == "done"
    assert (old.finished, new.finished) == (1, 1)


async def test_a_result_that_nobody_collects_is_forgotten() -> None:
    background: Background[str, str] = Background(lambda _: None)
    upload = Upload(RegistryUnreachable("gone"))
    with pytest.raises(TimeoutError):
        await background.result("a", 1, upload, patience=2)
    await asyncio.sleep(100)
    with pytest.raises(TimeoutError):
        await background.result("a", 1, upload, patience=2)
    assert upload.started == 2


async def test_the_deadline_of_the_run_that_started_it_does_not_end_it() -> None:
    queue: KeyedQueue[str] = KeyedQueue(Backoff(), lambda: 0.5)
    background: Background[str, str] = Background(queue.add)
    upload = Upload()
    collected: list[str] = []

    async def work(key: str) -> None:
        collected.append(await background.result(key, 1, upload, patience=60))

    workers = Workers(queue, work, count=1, deadline=1, observe=lambda *_: None)
    workers.start()
    queue.add("a")
    await asyncio.sleep(30)
    await workers.stop(grace=1)
    assert collected == ["done"]
    assert upload.started == 1


async def test_a_key_is_busy_until_its_work_in_every_variant_has_ended() -> None:
    background: Background[str, str] = Background(lambda _: None)
    for variant in (1, 2):
        with pytest.raises(TimeoutError):
            await background.result("a", variant, Upload(), patience=5)
    assert (background.busy("a"), background.busy("b")) == (True, False)
    await asyncio.sleep(1)  # the first has ended
    assert background.busy("a")
    await asyncio.sleep(5)
    assert not background.busy("a")
