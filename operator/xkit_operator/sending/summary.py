"""What became of the records, counted by outcome and code."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from xkit_operator.sending.answer import FINE, Answer


@dataclass
class Summary:
    """The counts of one run."""

    outcomes: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    retries: int = 0
    since: float = field(default_factory=time.monotonic)
    last: Answer | None = None
    """The answer that came last, for whoever has sent a single record."""

    def count(self, answer: Answer) -> None:
        """A record is settled."""
        self.outcomes[answer.outcome, answer.code] += 1
        self.last = answer

    @property
    def records(self) -> int:
        return self.outcomes.total()

    @property
    def failed(self) -> int:
        return sum(count for (outcome, _), count in self.outcomes.items() if outcome not in FINE)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.since

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        by_outcome: Counter[str] = Counter()
        by_code: Counter[str] = Counter()
        for (outcome, code), count in self.outcomes.items():
            by_outcome[outcome] += count
            if code is not None:
                by_code[code] += count
        return {
            "records": self.records,
            "outcomes": dict(sorted(by_outcome.items())),
            "codes": dict(sorted(by_code.items())),
            "retries": self.retries,
            "seconds": round(self.seconds, 3),
        }

    def table(self) -> list[str]:
        """For people: a line for each outcome and code, the most frequent first."""
        rows = [("OUTCOME", "CODE", "RECORDS")]
        rows += [(outcome, code or "", f"{count:,}") for (outcome, code), count in self.outcomes.most_common()]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = [
            f"{outcome:{widths[0]}}  {code:{widths[1]}}  {count:>{widths[2]}}".rstrip() for outcome, code, count in rows
        ]
        again = f", {self.retries:,} tried again" if self.retries else ""
        rate = self.records / max(self.seconds, 0.001)
        return [*lines, f"{_records(self.records)} in {self.seconds:.1f} s ({rate:,.0f}/s){again}"]


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"
