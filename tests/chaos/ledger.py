"""The table at the end of a run: what was done to the product, and what came of it."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = os.environ.get("XKIT_CHAOS_LEDGER")
"""The file of a run that consists of several test sessions; without it each session begins a new one."""

LEDGER = Path(KEPT) if KEPT else ROOT / "build" / "chaos" / "ledger.jsonl"


@dataclass(frozen=True, kw_only=True)
class Row:
    """`seconds` from the end of the fault until converged, the longest; `writes` in 20 idle seconds after that."""

    fault: str
    times: int
    seconds: float
    writes: int
    orphans: int


def begin() -> None:
    """Forget the session before."""
    if not KEPT:
        LEDGER.unlink(missing_ok=True)


def enter(row: Row) -> None:
    """Add a row; several test processes may do so at once."""
    LEDGER.parent.mkdir(parents=True, exist_ok=True)
    with LEDGER.open("a") as ledger:
        ledger.write(json.dumps(asdict(row)) + "\n")


def table() -> list[str]:
    """The rows of this run, of equal faults one."""
    rows: dict[str, Row] = {}
    for line in LEDGER.read_text().splitlines() if LEDGER.exists() else ():
        row = Row(**json.loads(line))
        before = rows.get(row.fault)
        rows[row.fault] = row if before is None else _together(before, row)
    width = max((len(one) for one in rows), default=5)
    lines = [f"{'fault':<{width}}  times  converged  writes in 20 idle s  orphans"]
    return lines + [
        f"{one.fault:<{width}}  {one.times:>5}  {one.seconds:>7.1f} s  {one.writes:>19}  {one.orphans:>7}"
        for one in rows.values()
    ]


def _together(one: Row, other: Row) -> Row:
    return Row(
        fault=one.fault,
        times=one.times + other.times,
        seconds=max(one.seconds, other.seconds),
        writes=one.writes + other.writes,
        orphans=one.orphans + other.orphans,
    )
