"""A line of a runner Pod: when it was written, by which container, and what it says. Pure.

What dispatcher and function write is one JSON object a line (docs/reference/metrics.md); what Node.js, Python or the
kernel's end of a process leave there is text.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SUCCEEDED = "succeeded"
_OUTCOMES = {"records succeeded": SUCCEEDED, "record malformed": "malformed"}
"""Of lines that say it by their message alone."""


@dataclass(frozen=True)
class Line:
    """`facts` are the members of its JSON object; a line of text has `message` alone."""

    stamp: str
    """When the node received it: RFC 3339 with nanoseconds, of one form for all lines of a container."""
    pod: str
    container: str
    facts: dict[str, Any]

    @property
    def time(self) -> datetime:
        """When it was written, by its own words where it has some: the node may receive containers' lines in turn."""
        own = self.facts.get("time")
        return datetime.fromisoformat(own if isinstance(own, str) and _is_time(own) else self.stamp)

    @property
    def outcome(self) -> str | None:
        """What became of the record or records that the line is about, where it says so."""
        return self.facts.get("outcome") or _OUTCOMES.get(str(self.facts.get("message")))

    def to_dict(self) -> dict[str, Any]:
        """For machines: what was written, and where."""
        return {"pod": self.pod, "container": self.container, "time": self.stamp} | self.facts


@dataclass(frozen=True)
class Wanted:
    """Which lines are shown: all, or those of a source app, or of records with certain outcomes."""

    source: str | None = None
    outcomes: frozenset[str] = frozenset()

    def __call__(self, line: Line) -> bool:
        """Whether `line` is one of them."""
        if self.source is not None and line.facts.get("source") != self.source:
            return False
        return not self.outcomes or line.outcome in self.outcomes


def parsed(written: bytes, *, pod: str, container: str) -> Line:
    """A line as the API server gives it with timestamps: the time, a space, and what was written."""
    stamp, _, text = written.decode("utf-8", "replace").partition(" ")
    if not _is_time(stamp):  # an error of the node in the middle of the log
        stamp, text = datetime.now(UTC).isoformat(), f"{stamp} {text}"
    return Line(stamp, pod, container, _facts(text))


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _facts(text: str) -> dict[str, Any]:
    try:
        facts = json.loads(text)
    except ValueError:
        facts = None
    return facts if isinstance(facts, dict) else {"message": text}
