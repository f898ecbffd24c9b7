"""What the fault table has measured: collected row by row, printed when pytest ends, kept in build/faults.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

OUT = Path("build/faults.json")


@dataclass(frozen=True)
class Figures:
    """One row."""

    fault: str
    culprit: str
    """Its answer: status and code."""
    served: int
    """Innocent records with the right answer."""
    handed_back: int
    """Innocent records that their sender may send again."""
    lost: int
    """Innocent records with a wrong answer or none."""
    health_ms: float
    """The longest answer of /livez."""
    own_health_ms: float
    """The longest without the time in which dispatcher or probe waited for a CPU."""
    idle_health_ms: float
    """The same of a dispatcher beside it that has nothing to do: what the machine itself takes."""


def table(rows: Sequence[Figures]) -> list[str]:
    """The lines of the table."""
    heads = [
        "fault",
        "culprit's answer",
        "innocents: served",
        "handed back",
        "lost",
        "longest health ms",
        "without run queue",
        "idle runner ms",
    ]
    texts = [heads, *([str(value) for value in asdict(row).values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if place < 2 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in texts
    ]


def write(rows: Sequence[Figures]) -> None:
    """Keep the figures for whoever compares them later."""
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
