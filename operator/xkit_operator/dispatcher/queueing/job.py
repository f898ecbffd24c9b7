"""One record on its way through queue and executors, and who is told its answer.

Records that came together travel together wherever they can: they are put, sent and answered many at a time.
"""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from xkit_operator.dispatcher.outcomes.outcome import Failure

Answer = bytes | Failure
"""The payload of an executor's `result` frame, or why there is none."""


class Asker(Protocol):
    """Who waits for the answers to some records of one request."""

    def answered(self, answers: Mapping[int, Answer], now: float) -> None:
        """Take answers, by the index of their records, that came at `now` in the event loop's time."""


class JobOwner(Protocol):
    """The queue, as a job knows it."""

    def settle(self, answers: Mapping["Job", Answer]) -> None:
        """These jobs are answered; their slots and their keys are free."""

    def hand_back(self, job: "Job") -> None:
        """The job was never started: run it elsewhere, before all others."""


class Job(Struct, eq=False):
    """A record to be run: its `invoke` payload, and the key whose records run one after the other."""

    owner: JobOwner
    payload: bytes
    key: str | None
    asker: Asker
    """Told once, by the queue."""
    index: int
    """By which the asker knows the record."""
    expires: float = 0.0
    """Until when it may wait, in the event loop's time."""
    deadline: float = 0.0
    """Until when its call may run, in the event loop's time."""

    def settle(self, answer: Answer) -> None:
        """Answer whoever waits."""
        self.owner.settle({self: answer})

    def hand_back(self) -> None:
        """Give up a job whose call never started."""
        self.owner.hand_back(self)


def settle_together(answers: Mapping[Job, Answer]) -> None:
    """As `settle`, for jobs of one queue whose answers have come together."""
    if answers:
        next(iter(answers)).owner.settle(answers)
