"""Whether to try a record again, and when. Pure but for the jitter, which is passed in."""

from collections.abc import Callable
from dataclasses import dataclass

from xkit_operator.sending.answer import Answer
from xkit_operator.sending.record import Record

_FIRST = 0.5
_LONGEST = 30.0


@dataclass(frozen=True)
class RetryPolicy:
    """The bounds of trying."""

    attempts: int = 5
    """Calls of the function that one record is worth."""
    patience: float = 300.0
    """Seconds that one record may wait between attempts, all in all."""

    def pause(self, record: Record, answer: Answer, *, jitter: Callable[[], float]) -> float | None:
        """Seconds until the next attempt; None when this answer is the last. `jitter` gives numbers from 0 to 1."""
        if not answer.retryable or record.started >= self.attempts:
            return None
        backoff = backoff_seconds(record.tries) * (0.5 + jitter() / 2)
        # never before the runner's own time, and all who were told the same do not come at once
        pause = backoff if answer.retry_after is None else answer.retry_after + min(backoff, 1.0) * jitter()
        return pause if record.waited + pause <= self.patience else None


def backoff_seconds(tries: int) -> float:
    """How long to wait after so many tries, when nobody says."""
    return min(_LONGEST, _FIRST * 2.0 ** min(tries - 1, 10))
