"""What became of the calls that were in flight at an executor that died: pure, decided from its progress.

The pool asks once it is certain that the process has ended. A record that never started is run elsewhere, unseen by
its sender; the record named in the progress file is the culprit, else the only one that was running, else nobody.
"""

from collections.abc import Container, Sequence
from enum import Enum, auto

from xkit_operator.dispatcher.executors.progress import Progress


class Fate(Enum):
    """What became of one call."""

    NOT_STARTED = auto()
    CULPRIT = auto()
    INNOCENT = auto()


def fates(live: Sequence[int], *, abandoned: Container[int], progress: Progress | None) -> dict[int, Fate]:
    """Say what became of each call in `live`, by request id.

    `abandoned` are the calls that were answered at their deadline and may have been running still: when one of them is
    the culprit, every live call is innocent.
    """
    started = [request_id for request_id in live if progress is None or progress.has_started(request_id)]
    culprit = _culprit(started, abandoned, progress)
    fate = {request_id: Fate.INNOCENT if request_id in started else Fate.NOT_STARTED for request_id in live}
    if culprit is not None:
        fate[culprit] = Fate.CULPRIT
    return fate


def _culprit(started: list[int], abandoned: Container[int], progress: Progress | None) -> int | None:
    if progress is not None and progress.count:
        if progress.last in started:
            return progress.last
        if progress.last in abandoned:
            return None
    return started[0] if len(started) == 1 else None
