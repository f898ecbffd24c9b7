"""Golden tests for people: a line for each case, and for those that fail what differs, field by field."""

from collections.abc import Sequence

import click

from xkit_operator.golden.running import Outcome

_MOST_CONSOLE = 20
_MOST_VALUE = 2000


def line(outcome: Outcome) -> str:
    """One case, as it ends."""
    word = click.style("PASSED", fg="green") if outcome.has_passed else click.style("FAILED", fg="red")
    return f"{outcome.test.place.path}:{outcome.test.place.line} {word} {outcome.test.case.name}"


def details(outcome: Outcome) -> list[str]:
    """What differs, and what the function printed."""
    lines = [click.style(f"{outcome.test.place}: {outcome.test.case.name}", bold=True)]
    for one in outcome.differences:
        lines += [
            f"  {one.place}",
            click.style(f"    - expected: {_cut(one.expected)}", fg="green"),
            click.style(f"    + actual:   {_cut(one.actual)}", fg="red"),
        ]
    console = outcome.happened.console
    lines += [f"  console | {text}" for printed in console[:_MOST_CONSOLE] for text in printed.split("\n")]
    return lines


def summary(outcomes: Sequence[Outcome], *, seconds: float, left_out: int) -> str:
    """How many passed."""
    failed = sum(not one.has_passed for one in outcomes)
    counts = [f"{len(outcomes) - failed} passed", *([f"{failed} failed"] if failed else [])]
    counts += [f"{left_out} left out"] if left_out else []
    return click.style(f"{', '.join(counts)} in {seconds:.1f} s", fg="red" if failed else "green")


def facts(outcome: Outcome) -> dict[str, object]:
    """The same for machines."""
    place = outcome.test.place
    return {
        "name": outcome.test.case.name,
        "file": str(place.path),
        "line": place.line,
        "passed": outcome.has_passed,
        "seconds": round(outcome.happened.seconds, 4),
        "differences": [
            {"place": one.place, "expected": one.expected, "actual": one.actual} for one in outcome.differences
        ],
    }


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_VALUE else f"{text[:_MOST_VALUE]}… ({len(text):,} characters)"
