"""What is written down about a run: counts, the failures file, and the position, in the order that loses nothing.

A record is kept as a failure before its line counts as settled, and the position file is behind what has settled.
"""

import time

from xkit_operator.sending.answer import Answer
from xkit_operator.sending.failures import Failures
from xkit_operator.sending.position import Position, PositionFile, Progress
from xkit_operator.sending.summary import Summary

_SECONDS = 0.5
"""Between two writes of the position: what is sent again after a kill."""


class Journal:
    """The book of one source."""

    def __init__(self, *, start: Position, summary: Summary, failures: Failures, position: PositionFile | None) -> None:
        self.summary = summary
        self._progress = Progress(start)
        self._failures = failures
        self._file = position
        self._next_write = 0.0

    @property
    def position(self) -> Position:
        return self._progress.position

    def take(self, *, line: int, end: int) -> None:
        """A line is being sent."""
        self._progress.take(line, end)

    def settle(self, answer: Answer, *, line: int, text: bytes) -> None:
        """A line has its last answer. Raises OSError when that cannot be written down."""
        if not answer.is_fine:
            self._failures.add(line=line, answer=answer, text=text)
        self.summary.count(answer)
        self._progress.settle(line)
        if self._file is not None and time.monotonic() >= self._next_write:
            self.write()

    def write(self) -> None:
        """Keep the position. Raises OSError."""
        if self._file is not None:
            self._file.write(self.position)
            self._next_write = time.monotonic() + _SECONDS
