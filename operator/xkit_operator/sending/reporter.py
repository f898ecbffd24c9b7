"""Says how far sending is while it goes on: a bar on a terminal, else a plain line now and then."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from xkit_operator.sending.journal import Journal

_WIDTH = 24
_SECONDS_TERMINAL = 0.1
_SECONDS_PLAIN = 5.0


class Reporter:
    """Writes about one source to `file`."""

    def __init__(
        self,
        journal: Journal,
        *,
        size: int | None,
        file: TextIO = sys.stderr,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._journal = journal
        self._size = size
        self._file = file
        self._is_terminal = file.isatty()
        self._pause = _SECONDS_TERMINAL if self._is_terminal else _SECONDS_PLAIN
        self._clock = clock
        self._next = clock() + self._pause

    def tick(self) -> None:
        """Say it when it is time."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + self._pause
        self._file.write(f"\r\x1b[K{self._line()}" if self._is_terminal else f"{self._line()}\n")
        self._file.flush()

    def clear(self) -> None:
        """Leave the terminal's line to others."""
        if self._is_terminal:
            self._file.write("\r\x1b[K")
            self._file.flush()

    def _line(self) -> str:
        summary = self._journal.summary
        rate = summary.records / max(summary.seconds, 0.001)
        counts = (
            f"{summary.records:,} records, {summary.failed:,} failed, {summary.retries:,} tried again, {rate:,.0f}/s"
        )
        if not self._size:
            return counts
        share = min(1.0, self._journal.position.offset / self._size)
        filled = round(share * _WIDTH)
        return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}  {counts}"
