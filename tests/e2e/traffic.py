"""Steady traffic into a runner, what became of each record, and how that compares with what reached the target."""

import contextlib
import json
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.product import ROOT, Crm

AFTERMATH = 5.0
"""Seconds for which records are sent after the last disruption."""
Attempt = tuple[str, int]
"""A record's id, and which attempt of it."""


@dataclass(frozen=True)
class Journal:
    """What the sender saw. See open_loop.py for the shape of a record."""

    records: list[dict[str, Any]]

    @property
    def began(self) -> float:
        """When the first record left."""
        return float(self.records[0]["attempts"][0]["sent"])

    @property
    def ended(self) -> float:
        """When the last record left."""
        return float(self.records[-1]["attempts"][0]["sent"])

    def attempts(self) -> dict[Attempt, dict[str, Any]]:
        return {(one["id"], n): attempt for one in self.records for n, attempt in enumerate(one["attempts"], start=1)}

    def broken(self, how: str) -> dict[Attempt, str]:
        """The attempts without an answer: `lost` after the request was sent, `refused` before."""
        return {name: attempt[how] for name, attempt in self.attempts().items() if how in attempt}

    def unanswered(self) -> list[dict[str, Any]]:
        """The records whose last word is not 200."""
        return [one for one in self.records if one["attempts"][-1].get("status") != 200]

    def wrongly_run(self, calls: Counter[Attempt]) -> dict[Attempt, str]:
        """The attempts that reached the target otherwise than the sender was told, and how."""
        wrong: dict[Attempt, str] = {}
        attempts = self.attempts()
        for name in attempts.keys() | calls.keys():
            record, number = name
            attempt, count = attempts.get(name, {}), calls[name]
            if count > 1:
                wrong[name] = f"run {count} times"
            elif count and ("refused" in attempt or not attempt):
                wrong[name] = "run without having been sent"
            elif count and any(attempts[record, one]["pause"] is None for one in range(1, number)):
                wrong[name] = "run again without a retryable answer"
            elif not count and attempt.get("status") == 200:
                wrong[name] = "answered with 200 and not run"
        return wrong


@dataclass
class Traffic:
    """Traffic that is on: disruptions happen within `phase`, and `end` gives the journal."""

    process: "subprocess.Popen[str]"
    began: float
    phases: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Take down when a disruption begins and is over."""
        begins = time.monotonic()
        yield
        self.phases[name] = (begins, time.monotonic())

    def end(self, *, after: float) -> Journal:
        """Let the traffic end, when it has lasted `after` seconds and outlasted every phase; wait for what is due."""
        enough = max(self.began + after, *(ends + AFTERMATH for _, ends in self.phases.values()))
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, enough - time.monotonic()))
        said, _ = self.process.communicate("", timeout=300)
        return Journal([json.loads(line) for line in said.splitlines()])


@contextlib.contextmanager
def traffic(crm: Crm, record: dict[str, Any], *, rate: int) -> Iterator[Traffic]:
    """Send `record` with ids of its own `rate` times a second to the Service of the example."""
    command = crm.program("open_loop", crm.address(), str(rate), json.dumps(record))
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            yield Traffic(process, time.monotonic())
        finally:
            process.kill()


def calls_by_attempt(crm: Crm) -> Counter[Attempt]:
    """How often each attempt reached the target, where the function gives `id attempt` as its idempotency key."""
    keys = (call["record"].split() for call in crm.calls())
    return Counter((record, int(attempt)) for record, attempt in keys)


def table(journal: Journal, phases: dict[str, tuple[float, float]]) -> str:
    """What a reader wants to know of a run."""
    attempts = journal.attempts().values()
    took = [1000 * (one["attempts"][-1]["ended"] - one["due"]) for one in journal.records]
    late = max(one["attempts"][0]["sent"] - one["due"] for one in journal.records)
    percentiles = statistics.quantiles(took, n=100)
    answers = Counter(str(one.get("status", "none")) for one in attempts)
    rows = {
        "records": f"{len(journal.records)} in {journal.ended - journal.began:.1f} s",
        "answers": ", ".join(f"{count} x {status}" for status, count in sorted(answers.items())),
        "retries": str(len(attempts) - len(journal.records)),
        "lost, refused": f"{len(journal.broken('lost'))}, {len(journal.broken('refused'))}",
        "due to final answer": f"p50 {percentiles[49]:.0f}, p99 {percentiles[98]:.0f}, longest {max(took):.0f} ms",
        "latest departure": f"{1000 * late:.0f} ms",
        **{
            name: f"from {begins - journal.began:.1f} to {ends - journal.began:.1f} s"
            for name, (begins, ends) in phases.items()
        },
    }
    return "\n".join(f"{name:<20} {value}" for name, value in rows.items())
