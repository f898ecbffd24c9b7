import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.engine.backoff import Backoff
from xkit_operator.engine.queue import KeyedQueue

pytestmark = pytest.mark.looptime


def queue() -> KeyedQueue[str]:
    return KeyedQueue(Backoff(base=1, factor=2, cap=30, jitter=0), lambda: 0.5)


async def test_a_key_added_twice_waits_once() -> None:
    q = queue()
    q.add("a")
    q.add("a")
    assert (q.depth, await q.get(), q.depth) == (1, "a", 0)


async def test_keys_come_in_the_order_in_which_they_were_added() -> None:
    q = queue()
    for key in "abc":
        q.add(key)
    assert [await q.get() for _ in "abc"] == ["a", "b", "c"]


async def test_a_key_that_is_worked_on_is_not_handed_out_a_second_time() -> None:
    q = queue()
    q.add("a")
    await q.get()
    q.add("a")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(q.get(), 60)


async def test_a_change_during_the_work_brings_the_key_back_once() -> None:
    q = queue()
    q.add("a")
    await q.get()
    q.add("a")
    q.add("a")
    q.done("a")
    assert q.depth == 1
    await q.get()
    q.done("a")
    assert q.depth == 0


async def test_a_delayed_key_comes_when_it_is_due() -> None:
    q = queue()
    start = asyncio.get_running_loop().time()
    q.add_after("a", 7)
    assert q.depth == 0
    await q.get()
    assert asyncio.get_running_loop().time() - start == pytest.approx(7)


async def test_the_earlier_of_two_delays_counts() -> None:
    q = queue()
    start = asyncio.get_running_loop().time()
    q.add_after("a", 7)
    q.add_after("a", 3)
    q.add_after("a", 20)
    await q.get()
    q.done("a")
    assert asyncio.get_running_loop().time() - start == pytest.approx(3)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(q.get(), 60)


async def test_an_event_does_not_wait_for_the_backoff() -> None:
    q = queue()
    q.add_failed("a")
    q.add("a")
    assert q.depth == 1


async def test_failures_in_a_row_wait_longer_and_success_starts_afresh() -> None:
    q = queue()
    assert [q.add_failed("a"), q.add_failed("a"), q.add_failed("b")] == [1, 2, 1]
    q.forget_failures("a")
    assert q.add_failed("a") == 1


async def test_ages_are_those_of_the_oldest() -> None:
    q = queue()
    q.add("a")
    await asyncio.sleep(5)
    q.add("b")
    await asyncio.sleep(2)
    assert q.oldest_wait == pytest.approx(7)
    await q.get()
    await asyncio.sleep(1)
    assert (q.oldest_wait, q.longest_run) == (pytest.approx(3), pytest.approx(1))
    q.done("a")
    assert q.longest_run == 0


async def test_a_queue_that_is_worked_off_never_stands_still_however_long_the_last_in_it_waits() -> None:
    q = queue()
    for number in range(100):
        q.add(str(number))
    for _ in range(99):
        await asyncio.sleep(10)
        assert q.standstill <= 10
        q.done(await q.get())
    assert q.oldest_wait == pytest.approx(990)
    await asyncio.sleep(30)
    assert q.standstill == pytest.approx(30)
    await q.get()
    assert q.standstill == 0


async def test_a_key_after_a_quiet_time_counts_from_when_it_came() -> None:
    q = queue()
    await asyncio.sleep(500)
    q.add("a")
    await asyncio.sleep(2)
    assert q.standstill == pytest.approx(2)


async def test_nothing_comes_back_after_close() -> None:
    q = queue()
    q.add_after("a", 1)
    q.close()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(q.get(), 60)


@given(steps=st.lists(st.tuples(st.sampled_from(["add", "work"]), st.sampled_from("abc")), max_size=40))
async def test_whatever_happens_each_added_key_is_worked_on_after_its_last_addition(
    steps: list[tuple[str, str]],
) -> None:
    q = queue()
    running: list[str] = []
    worked_since_added: dict[str, bool] = {}
    for step, key in steps:
        if step == "add":
            q.add(key)
            worked_since_added[key] = False
        elif q.depth:
            taken = await q.get()
            assert taken not in running
            running.append(taken)
            worked_since_added[taken] = True
            if len(running) > 1:
                q.done(running.pop(0))
    while running or q.depth:
        while running:
            q.done(running.pop())
        if q.depth:
            running.append(await q.get())
            worked_since_added[running[-1]] = True
    assert all(worked_since_added.values())
