import asyncio

import pytest

from tests.unit.kube.leases import LeaseServer, lease
from xkit_operator.app.health import Health
from xkit_operator.engine.backoff import Backoff
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.reconcile.key import Key

pytestmark = pytest.mark.looptime

KEY = Key("Destination", "a", "b")


def health() -> tuple[KeyedQueue[Key], Health]:
    queue: KeyedQueue[Key] = KeyedQueue(Backoff(), lambda: 0.5)
    found = Health(queue, asyncio.get_running_loop().time)
    found.listed()
    return queue, found


async def test_a_fresh_process_is_alive_and_not_ready_until_everything_was_listed() -> None:
    found = Health(KeyedQueue(Backoff(), lambda: 0.5), asyncio.get_running_loop().time)
    assert found.dead() is None
    assert "list" in str(found.unready())
    found.listed()
    assert found.unready() is None


@pytest.mark.parametrize("code", [0, 401, 500, 503])
async def test_an_api_server_that_does_not_answer_us_is_noticed(code: int) -> None:
    _, found = health()
    for _ in range(20):
        await asyncio.sleep(16)
        found.api_request("GET", code)
        if found.unready():
            break
    assert found.dead() is None
    await asyncio.sleep(300)
    assert "API server" in str(found.dead())
    found.api_request("GET", 200)
    assert found.unready() is None


async def test_a_refusal_is_an_answer() -> None:
    _, found = health()
    for _ in range(30):
        await asyncio.sleep(20)
        found.api_request("PATCH", 422)
    assert found.unready() is None


async def test_a_worker_that_hangs_is_a_reason_for_a_restart() -> None:
    queue, found = health()
    queue.add(KEY)
    await queue.get()
    await asyncio.sleep(301)
    found.api_request("GET", 200)
    assert "worker" in str(found.dead())


async def test_a_queue_that_nobody_takes_from_is_a_reason_and_a_long_one_is_none() -> None:
    queue, found = health()
    for number in range(1000):
        queue.add(Key("Destination", "a", str(number)))
    for _ in range(500):
        await asyncio.sleep(5)
        queue.done(await queue.get())
        found.api_request("GET", 200)
    assert queue.oldest_wait > 2000
    assert found.dead() is None
    for _ in range(31):
        await asyncio.sleep(10)
        found.api_request("GET", 200)
    assert "queue" in str(found.dead())


async def test_a_key_that_fails_again_and_again_is_none() -> None:
    queue, found = health()
    queue.add(KEY)
    for _ in range(50):
        await queue.get()
        queue.add_failed(KEY)
        queue.done(KEY)
        found.api_request("GET", 200)
    assert found.dead() is None


async def test_a_standby_is_ready_and_healthy_once_it_knows_for_whom_it_stands_by() -> None:
    server = LeaseServer()
    found = Health(KeyedQueue(Backoff(), lambda: 0.5), asyncio.get_running_loop().time)
    own = lease(server, "own")
    found.watch_lease(own)
    assert "nobody" in str(found.unready())
    await lease(server, "other").attempt()
    await own.attempt()
    assert (found.role, found.unready(), found.dead()) == ("standby: other leads", None, None)


async def test_a_leader_is_healthy_while_it_renews_and_ready_when_it_has_listed() -> None:
    found = Health(KeyedQueue(Backoff(), lambda: 0.5), asyncio.get_running_loop().time)
    own = lease(LeaseServer(), "own")
    found.watch_lease(own)
    await own.attempt()
    assert "list" in str(found.unready())
    found.listed()
    assert (found.role, found.unready(), found.dead()) == ("leading", None, None)
    await asyncio.sleep(6)
    assert "Lease" in str(found.dead())
    await own.attempt()
    assert found.dead() is None
    await asyncio.sleep(20)
    assert "Lease" in str(found.dead())
    assert "Lease" in str(found.unready())
