import asyncio

import pytest

from xkit_operator.engine.backoff import Backoff
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.engine.resync import Resync
from xkit_operator.errors import ApiNotFound

pytestmark = pytest.mark.looptime


class World:
    """What a list finds; it fails while `away`."""

    def __init__(self, *keys: str) -> None:
        self.keys = set(keys)
        self.away = False

    async def list_keys(self) -> set[str]:
        if self.away:
            raise ApiNotFound("the kind is not installed")
        return set(self.keys)


def resync(world: World) -> tuple[KeyedQueue[str], Resync[str]]:
    queue: KeyedQueue[str] = KeyedQueue(Backoff(), lambda: 0.5)
    return queue, Resync(queue, world.list_keys, period=100, random=iter([0.5, 0.1, 0.5, 0.9] * 10).__next__)


async def drain(queue: KeyedQueue[str]) -> list[str]:
    keys = []
    while queue.depth:
        keys.append(await queue.get())
        queue.done(keys[-1])
    return sorted(keys)


async def test_the_first_list_queues_everything_at_once() -> None:
    queue, one = resync(World("a", "b"))
    await one.first(retry=2)
    assert await drain(queue) == ["a", "b"]


async def test_the_first_list_waits_until_it_works() -> None:
    world = World("a")
    world.away = True
    queue, one = resync(world)
    first = asyncio.create_task(one.first(retry=2))
    await asyncio.sleep(9)
    assert not first.done()
    world.away = False
    await first
    assert await drain(queue) == ["a"]


async def test_a_resync_brings_every_key_back_spread_over_half_the_period() -> None:
    queue, one = resync(World("a", "b", "c"))
    await one.first(retry=2)
    await drain(queue)
    task = asyncio.create_task(one.run())
    await asyncio.sleep(111)
    soon = len(await drain(queue))
    await asyncio.sleep(50)
    assert soon < 3
    assert soon + len(await drain(queue)) == 3
    task.cancel()


async def test_a_resync_waits_for_what_waits_but_not_for_ever() -> None:
    world = World("a", "b", "c")
    queue, one = resync(world)
    await one.first(retry=2)
    task = asyncio.create_task(one.run())
    await asyncio.sleep(150)
    world.keys.add("d")
    await drain(queue)
    await asyncio.sleep(61)
    assert await drain(queue) == ["a", "b", "c", "d"]
    queue.add("e")
    world.keys.add("f")
    await asyncio.sleep(300)
    assert "f" in await drain(queue)
    task.cancel()


async def test_a_key_that_vanished_without_an_event_is_looked_at_once_more() -> None:
    world = World("a", "b")
    queue, one = resync(world)
    await one.first(retry=2)
    await drain(queue)
    world.keys = {"a"}
    task = asyncio.create_task(one.run())
    await asyncio.sleep(165)
    assert await drain(queue) == ["a", "b"]
    await asyncio.sleep(110)
    assert await drain(queue) == ["a"]
    task.cancel()


async def test_a_resync_that_fails_forgets_nothing() -> None:
    world = World("a")
    queue, one = resync(world)
    await one.first(retry=2)
    await drain(queue)
    world.away = True
    task = asyncio.create_task(one.run())
    await asyncio.sleep(165)
    assert await drain(queue) == []
    world.away = False
    await asyncio.sleep(110)
    assert await drain(queue) == ["a"]
    task.cancel()
