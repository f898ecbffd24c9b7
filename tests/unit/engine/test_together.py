"""What goes on at once: results in order, and errors only when everything has ended."""

import asyncio

import pytest

from xkit_operator.engine.together import together
from xkit_operator.errors import ApiUnreachable

pytestmark = pytest.mark.looptime


class Work:
    """Takes some seconds and then fails, or returns its number."""

    def __init__(self) -> None:
        self.ended: list[int] = []

    async def do(self, number: int, *, seconds: float, error: Exception | None = None) -> int:
        await asyncio.sleep(seconds)
        self.ended.append(number)
        if error is not None:
            raise error
        return number


async def test_results_come_in_the_order_of_the_work_and_not_of_its_ends() -> None:
    work, start = Work(), asyncio.get_running_loop().time()
    assert await together(work.do(1, seconds=3), work.do(2, seconds=1)) == [1, 2]
    assert asyncio.get_running_loop().time() - start == pytest.approx(3)


async def test_an_error_is_raised_when_all_have_ended() -> None:
    work = Work()
    with pytest.raises(ApiUnreachable):
        await together(work.do(1, seconds=1, error=ApiUnreachable("gone")), work.do(2, seconds=3))
    assert work.ended == [1, 2]


async def test_the_first_error_in_the_order_of_the_work_is_raised() -> None:
    work = Work()
    with pytest.raises(ApiUnreachable, match="first"):
        await together(
            work.do(1, seconds=3, error=ApiUnreachable("first")), work.do(2, seconds=1, error=ApiUnreachable("second"))
        )


async def test_whoever_is_cut_short_cuts_all_of_it_short() -> None:
    work = Work()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await together(work.do(1, seconds=1), work.do(2, seconds=5))
    await asyncio.sleep(10)
    assert work.ended == [1]


async def test_of_many_a_few_go_on_at_a_time() -> None:
    work, start = Work(), asyncio.get_running_loop().time()
    assert await together(*(work.do(number, seconds=1) for number in range(80))) == list(range(80))
    assert asyncio.get_running_loop().time() - start == pytest.approx(10)


async def test_what_is_cut_short_before_its_turn_is_never_begun() -> None:
    work = Work()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await together(*(work.do(number, seconds=1) for number in range(80)))
    assert sorted(work.ended) == list(range(8))
