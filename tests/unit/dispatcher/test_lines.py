"""Lines out of a body that arrives bit by bit, within their bounds."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.dispatcher.http import lines as module
from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.lines import FULL, Lines
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure

ALL = 10**6
END = Failure(Code.REQUEST_TIMEOUT, "")


def lines(budget: Budget | None = None) -> Lines:
    return Lines(budget or Budget(ALL), on_room=lambda: None)


async def said(of: Lines) -> list[bytes | Code]:
    """Everything that is there, each line answered at once."""
    found: list[bytes | Code] = []
    async for line in of:
        found.append(line.code if isinstance(line, Failure) else line.strip())
        of.answered()
    return found


@given(
    st.lists(st.sampled_from([b"a", b"bc\r", b"", b" ", b"d" * 70]), max_size=8),
    st.sampled_from([b"", b"\n"]),
    st.data(),
)
def test_lines_are_the_same_in_whatever_pieces_they_arrive(texts: list[bytes], end: bytes, data: st.DataObject) -> None:
    body = b"\n".join(texts) + end
    cuts = data.draw(st.lists(st.integers(0, len(body)), max_size=6))
    budget = Budget(ALL)
    found = lines(budget)
    for start, end in pairwise(sorted({0, len(body), *cuts})):
        found.feed(body[start:end])
    found.finish()
    assert asyncio.run(said(found)) == [text.strip() for text in texts if text.strip()]
    assert budget.take(ALL)


async def test_a_line_that_is_too_long_is_passed_over_and_its_neighbours_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_LINE", 10)
    budget = Budget(ALL)
    found = lines(budget)
    for part in (b"one\n", b"x" * 8, b"x" * 8, b"x" * 8, b"x\ntwo\nthr", b"ee\n", b"y" * 11, b"\n"):
        found.feed(part)
    found.finish()
    assert await said(found) == [b"one", Code.BODY_TOO_LARGE, b"two", b"three", Code.BODY_TOO_LARGE]
    assert budget.take(ALL)


async def test_without_room_for_more_the_stream_ends_and_says_so() -> None:
    budget = Budget(10)
    found = lines(budget)
    found.feed(b"one\ntwo")
    found.feed(b" and much more\nnever seen\n")
    assert await said(found) == [b"one", Code.TOO_MANY_BYTES]
    assert budget.take(10)


async def test_bytes_are_held_until_their_line_is_answered() -> None:
    budget = Budget(10)
    found = lines(budget)
    found.feed(b"123456789\n")
    assert await anext(found) == b"123456789\n"
    assert not found.is_idle
    assert not budget.take(1)
    found.answered()
    assert found.is_idle
    assert budget.take(10)


async def test_it_is_full_of_whole_lines_alone_and_tells_when_there_is_room_again() -> None:
    told: list[str] = []
    found = Lines(Budget(ALL), on_room=lambda: told.append("room"))
    found.feed(b"x" * 2 * FULL)
    assert not found.is_full  # the end of this line is needed
    found.feed(b"\n")
    assert found.is_full
    await anext(found)
    assert (found.is_full, told) == (False, ["room"])


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (lambda of: of.finish(), [b"whole", b"cut"]),
        (lambda of: of.finish(END), [b"whole", Code.REQUEST_TIMEOUT]),
        (lambda of: of.leave(), [b"whole"]),
        (lambda of: of.abandon(), []),
    ],
    ids=["finish", "fail", "leave", "abandon"],
)
async def test_what_is_left_at_the_end(end: Callable[[Lines], None], expected: list[bytes | Code]) -> None:
    budget = Budget(ALL)
    found = lines(budget)
    found.feed(b"whole\ncut")
    end(found)
    found.feed(b"ignored\n")
    assert await said(found) == expected
    assert budget.take(ALL)


async def test_whoever_waits_learns_of_the_end() -> None:
    found = lines()
    waiting = asyncio.create_task(said(found))
    await asyncio.sleep(0)
    found.feed(b"late\n")
    await asyncio.sleep(0)
    found.finish()
    assert await waiting == [b"late"]
