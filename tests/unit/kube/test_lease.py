import asyncio
from datetime import timedelta

import pytest

from tests.unit.kube.leases import LeaseServer, Line, WallClock, lease
from xkit_operator.errors import ApiConflict

pytestmark = pytest.mark.looptime


async def test_the_first_makes_the_record_and_holds_it_for_the_deadline() -> None:
    server = LeaseServer()
    first = lease(server, "first")
    assert not first.held
    assert await first.attempt()
    assert server.stored is not None
    assert server.stored["spec"] | {"renewTime": ""} == {
        "holderIdentity": "first",
        "leaseDurationSeconds": 15,
        "acquireTime": server.stored["spec"]["renewTime"],
        "renewTime": "",
        "leaseTransitions": 1,
    }
    assert server.stored["spec"]["renewTime"].startswith("2030-01-31T12:00:0")
    await asyncio.sleep(9.9)
    assert first.held
    await asyncio.sleep(0.1)
    assert not first.held


async def test_the_time_of_a_holder_runs_from_before_its_write_left() -> None:
    slow = lease(LeaseServer(), "slow", line=Line(there=lambda: 0.5, back=lambda: 0.5))
    assert await slow.attempt()
    assert slow.remaining == pytest.approx(9)


async def test_an_attempt_without_an_answer_ends_after_three_seconds() -> None:
    start = asyncio.get_running_loop().time()
    with pytest.raises(TimeoutError):
        await lease(LeaseServer(), "first", line=Line(cut=True)).attempt()
    assert asyncio.get_running_loop().time() - start == pytest.approx(3)


async def test_a_renewal_is_one_write_and_no_read() -> None:
    server = LeaseServer()
    first = lease(server, "first")
    await first.attempt()
    for _ in range(20):
        await asyncio.sleep(2)
        start = asyncio.get_running_loop().time()
        assert await first.attempt()
        assert asyncio.get_running_loop().time() - start == pytest.approx(0.02)
    assert server.writes == 21
    assert server.stored is not None
    assert server.stored["spec"]["leaseTransitions"] == 1
    assert server.stored["spec"]["acquireTime"] < server.stored["spec"]["renewTime"]


async def test_another_waits_until_the_record_has_not_changed_for_its_duration() -> None:
    server = LeaseServer()
    first, second = lease(server, "first"), lease(server, "second")
    await first.attempt()
    await asyncio.sleep(60)
    start = asyncio.get_running_loop().time()
    while not await second.attempt():
        assert second.other == "first"
        await asyncio.sleep(0.1)
    assert asyncio.get_running_loop().time() - start == pytest.approx(15, abs=0.2)
    assert second.other == ""


@pytest.mark.parametrize("ahead", [timedelta(days=-400), timedelta(days=400)], ids=["back", "forth"])
async def test_a_wall_clock_that_jumps_moves_nothing(ahead: timedelta) -> None:
    server, wall = LeaseServer(), WallClock()
    first, second = lease(server, "first", wall=wall), lease(server, "second", wall=wall)
    await first.attempt()
    for _ in range(10):
        assert not await second.attempt()
        await asyncio.sleep(2)
        wall.ahead += ahead
        assert await first.attempt()


async def test_of_two_that_try_at_once_one_holds_it() -> None:
    server = LeaseServer()
    for record in (None, "released"):
        rivals = [lease(server, f"{record} {number}") for number in range(4)]
        tried = await asyncio.gather(*(one.attempt() for one in rivals), return_exceptions=True)
        assert tried.count(True) == 1
        assert [type(one) for one in tried if one is not True] == [ApiConflict] * 3
        (holder,) = (one for one in rivals if one.held)
        await holder.release()


async def test_a_renewal_whose_answer_was_lost_is_read_again_and_goes_on() -> None:
    server, line = LeaseServer(), Line()
    first = lease(server, "first", line=line)
    await first.attempt()
    line.back = lambda: 100
    with pytest.raises(TimeoutError):
        await first.attempt()
    assert server.writes == 2
    line.back = lambda: 0.01
    assert await first.attempt()
    assert first.remaining == pytest.approx(10, abs=0.1)


async def test_a_write_that_arrives_when_another_holds_it_changes_nothing() -> None:
    server, line = LeaseServer(), Line()
    first, second = lease(server, "first", line=line), lease(server, "second")
    await first.attempt()
    line.there = lambda: 30
    with pytest.raises(TimeoutError):
        await first.attempt()
    assert not await second.attempt()
    await asyncio.sleep(15)
    assert await second.attempt()
    await asyncio.sleep(15)
    assert server.stored is not None
    assert server.stored["spec"]["holderIdentity"] == "second"
    assert await second.attempt()


async def test_a_holder_that_reads_another_in_its_record_does_not_hold_it_any_more() -> None:
    server = LeaseServer()
    first = lease(server, "first")
    await first.attempt()
    server.edit(holderIdentity="other")
    with pytest.raises(ApiConflict):
        await first.attempt()
    assert not await first.attempt()
    assert not first.held
    assert first.other == "other"


async def test_a_released_one_is_free_at_once_and_only_its_holder_releases_it() -> None:
    server = LeaseServer()
    first, second = lease(server, "first"), lease(server, "second")
    await first.attempt()
    assert not await second.attempt()
    await second.release()
    assert not await second.attempt()
    await first.release()
    assert not first.held
    assert server.stored is not None
    assert (server.stored["spec"]["holderIdentity"], server.stored["spec"]["leaseDurationSeconds"]) == ("", 1)
    assert await second.attempt()
    assert server.stored["spec"]["leaseTransitions"] == 2


async def test_a_process_that_stops_while_its_first_write_is_under_way_leaves_it_free() -> None:
    server, line = LeaseServer(), Line(back=lambda: 2)
    first = lease(server, "first", line=line)
    trying = asyncio.create_task(first.attempt())
    await asyncio.sleep(2.5)
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    line.back = lambda: 0.01
    await first.release()
    assert await lease(server, "second").attempt()


async def test_a_record_that_somebody_deletes_is_no_invitation_while_its_holder_may_live() -> None:
    server = LeaseServer()
    first, second = lease(server, "first"), lease(server, "second")
    await first.attempt()
    assert not await second.attempt()
    server.stored = None
    assert not await second.attempt()
    with pytest.raises(ApiConflict):
        await first.attempt()
    assert await first.attempt()
    await asyncio.sleep(1)
    assert not await second.attempt()


async def test_a_restarted_container_of_the_same_pod_goes_on_at_once() -> None:
    server = LeaseServer()
    await lease(server, "first").attempt()
    again = lease(server, "first")
    assert await again.attempt()
    assert again.held
