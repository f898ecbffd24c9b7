"""The lines of a body that arrives bit by bit: cut one at a time, within bounds, and handed on in order.

The connection feeds it and stops reading while it is full; whoever answers the lines iterates over it. Bytes count
against the budget from their arrival until the line's answer is written.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure

MOST_LINE = 8 * 2**20
FULL = 64 * 2**10
_TURN = 1000  # empty lines that are passed over before others get their turn
_TOO_LONG = Failure(Code.BODY_TOO_LARGE, f"a line may have {MOST_LINE} bytes")
_NO_ROOM = Failure(Code.TOO_MANY_BYTES, "the bodies of all requests together are too large now", 1)


class Lines:
    """An async iterator over the lines; one that cannot be taken is the Failure to answer it with."""

    def __init__(self, budget: Budget, *, on_room: Callable[[], None]) -> None:
        """`on_room` is called when it is no longer full."""
        self._budget = budget
        self._on_room = on_room
        self._last = bytearray()  # uncut, so that short lines cost no more than long ones
        self._text: deque[bytearray | Failure] = deque([self._last])
        self._whole = 0  # lines and failures in it
        self._held = 0  # bytes in it
        self._arriving = 0  # bytes of the line that has no end yet
        self._is_skipping = False  # until the end of a line that is too long
        self._unanswered: deque[int] = deque()  # the bytes of each line that was handed on
        self._is_finished = False
        self._wake: asyncio.Future[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be read for now."""
        return self._held - self._arriving > FULL

    @property
    def is_idle(self) -> bool:
        """Whether it is for the sender to send: no whole line is left unanswered."""
        return not self._whole and not self._unanswered

    def feed(self, part: bytes) -> None:
        """Take the next bytes of the body."""
        if self._is_skipping:
            _, found, part = part.partition(b"\n")
            self._is_skipping = not found
        if self._is_finished or not part:
            return
        if not self._budget.take(len(part)):
            self.finish(_NO_ROOM)
            return
        self._last += part
        self._held += len(part)
        ended = part.count(b"\n")
        self._whole += ended
        self._arriving = len(part) - part.rfind(b"\n") - 1 if ended else self._arriving + len(part)
        if self._arriving > MOST_LINE:
            self._drop_arriving()
            self._put(_TOO_LONG)
            self._is_skipping = True
        self._wake_up()

    def finish(self, failure: Failure | None = None) -> None:
        """Nothing more comes. The last line needs no line feed, unless a failure cuts it short; that is told last."""
        if self._is_finished:
            return
        if failure is not None:
            self._drop_arriving()
            self._put(failure)
        elif self._arriving:
            self.feed(b"\n")
        self._is_finished = True
        self._wake_up()

    def leave(self) -> None:
        """Take nothing more: a line that has not arrived whole is not answered."""
        if not self._is_finished:
            self._drop_arriving()
            self._is_finished = True
            self._wake_up()

    def abandon(self) -> None:
        """Nobody is there to read answers: drop what has not been handed on."""
        self.leave()
        self._budget.give_back(self._held)
        self._text.clear()
        self._whole = self._held = 0

    def answered(self) -> None:
        """The answer to the oldest line that was handed on has been written."""
        self._budget.give_back(self._unanswered.popleft())

    def __aiter__(self) -> "Lines":
        return self

    async def __anext__(self) -> bytes | Failure:
        passed_over = 0
        while True:
            while not self._whole:
                if self._is_finished:
                    raise StopAsyncIteration
                self._wake = asyncio.get_running_loop().create_future()
                await self._wake
            line, taken = self._cut()
            if isinstance(line, Failure) or not line.isspace():
                self._unanswered.append(taken)
                return line
            self._budget.give_back(taken)
            passed_over += 1
            if passed_over % _TURN == 0:
                await asyncio.sleep(0)

    def _cut(self) -> tuple[bytes | Failure, int]:
        """The first whole line, line feed included, or failure; and its bytes."""
        if not self._text[0]:
            self._text.popleft()
        first = self._text[0]
        self._whole -= 1
        if isinstance(first, Failure):
            self._text.popleft()
            return first, 0
        was_full = self.is_full
        size = first.index(b"\n") + 1
        line = bytes(first[:size])
        del first[:size]
        self._held -= size
        if was_full and not self.is_full:
            self._on_room()
        return line, size

    def _put(self, failure: Failure) -> None:
        self._last = bytearray()
        self._text.extend((failure, self._last))
        self._whole += 1

    def _drop_arriving(self) -> None:
        del self._last[len(self._last) - self._arriving :]
        self._held -= self._arriving
        self._budget.give_back(self._arriving)
        self._arriving = 0

    def _wake_up(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
