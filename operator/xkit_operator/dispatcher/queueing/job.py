"""One record on its way through queue and executors, and who is told its answer."""

from collections.abc import Callable
from typing import Protocol

from xkit_operator.dispatcher.outcomes.outcome import Failure

Answer = bytes | Failure
"""The payload of an executor's `result` frame, or why there is none."""
OnAnswer = Callable[[Answer, float], None]
"""Takes the answer, and the event loop's time when it came."""


class JobOwner(Protocol):
    """The queue, as a job knows it."""

    def settle(self, job: "Job", answer: Answer) -> None:
        """The job is answered; its slot and its key are free."""

    def hand_back(self, job: "Job") -> None:
        """The job was never started: run it elsewhere, before all others."""


class Job:
    """A record to be run: its `invoke` payload, and the key whose records run one after the other."""

    __slots__ = ("_owner", "deadline", "expires", "key", "on_answer", "payload")

    def __init__(self, owner: JobOwner, payload: bytes, *, key: str | None, on_answer: OnAnswer) -> None:
        self._owner = owner
        self.payload = payload
        self.key = key
        self.on_answer = on_answer
        """Called once, by the queue."""
        self.expires = 0.0
        """Until when it may wait, in the event loop's time."""
        self.deadline = 0.0
        """Until when its call may run, in the event loop's time."""

    def settle(self, answer: Answer) -> None:
        """Answer whoever waits."""
        self._owner.settle(self, answer)

    def hand_back(self) -> None:
        """Give up a job whose call never started."""
        self._owner.hand_back(self)
