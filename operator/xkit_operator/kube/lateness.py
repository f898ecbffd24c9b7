"""Which words of a watch are late: the versions of their kind had come further a good while ago.

A watch whose connection has died begins again where it ended, and tells all that has happened since in its order:
first of an object as it was a minute ago, and only then that it is gone. After a server was set back to an older
state every word is late until its versions have come as far again.
"""

from collections import defaultdict, deque
from collections.abc import Callable

SECONDS = 10.0
"""That a watch may be behind what reads and writes were answered; a process that is busy hears it that much later."""
_GRAIN = 1.0  # seconds that count as one moment


class Lateness:
    """By kind, of the highest versions that were met with; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._marks: defaultdict[str, deque[tuple[float, int]]] = defaultdict(deque)  # both numbers rise

    def met(self, kind: str, version: int) -> None:
        """This version of an object of this `kind` is there."""
        marks, now = self._marks[kind], self._clock()
        if marks and version <= marks[-1][1]:
            return
        if marks and now - marks[-1][0] < _GRAIN:
            now = marks.pop()[0]
        marks.append((now, version))
        self._forget(marks)

    def is_late(self, kind: str, version: int) -> bool:
        """Whether this or a higher one had been met with already when `SECONDS` began."""
        marks = self._marks[kind]
        self._forget(marks)
        return bool(marks) and self._is_past(marks[0]) and version <= marks[0][1]

    def _forget(self, marks: deque[tuple[float, int]]) -> None:
        """Leave one mark from before the `SECONDS`, and those within."""
        while len(marks) > 1 and self._is_past(marks[1]):
            marks.popleft()

    def _is_past(self, mark: tuple[float, int]) -> bool:
        return self._clock() - mark[0] > SECONDS
