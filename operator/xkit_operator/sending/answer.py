"""What a runner said about one record, or what stood in for its answer. See docs/reference/outcomes.md."""

from dataclasses import dataclass
from typing import Any

FINE = frozenset(("succeeded", "skipped", "mapped"))
NOTHING_STARTED = frozenset(
    ("QueueFull", "QueueTimeout", "NoExecutor", "ShuttingDown", "TooManyConnections", "TooManyBytes", "RequestTimeout")
)
"""Codes of answers that say: the function has not seen the record."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one attempt."""

    outcome: str
    body: dict[str, Any]
    code: str | None = None
    retryable: bool = False
    retry_after: float | None = None
    """Seconds that the runner wants to be left alone with this record."""

    @property
    def is_fine(self) -> bool:
        return self.outcome in FINE

    @property
    def was_started(self) -> bool:
        """Whether the function may have seen the record."""
        return self.code not in NOTHING_STARTED


def read_answer(value: Any, *, retry_after: str | None = None) -> Answer | None:
    """The answer in a body, or None when it is none of a runner's; `retry_after` is the header, if it has none."""
    if not (isinstance(value, dict) and isinstance(value.get("outcome"), str)):
        return None
    after = value.get("retryAfter", retry_after)
    return Answer(value["outcome"], value, value.get("code"), bool(value.get("retryable")), seconds(after))


def not_sent(detail: str) -> Answer:
    """The answer to a text that is no record: no runner has to see it."""
    body = {"outcome": "malformed", "code": "MalformedBody", "detail": detail, "retryable": False}
    return Answer("malformed", body, "MalformedBody")


def seconds(text: Any) -> float | None:
    """A Retry-After in seconds; its other form, a date, is not one that runners use."""
    try:
        return max(0.0, float(text)) if text is not None else None
    except (TypeError, ValueError):
        return None
