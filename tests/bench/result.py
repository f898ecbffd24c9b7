"""One benchmark's result: a ratio (or a number) with its quartiles, as JSON for machines and a row for people."""

import json
import os
import platform
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Result:
    """`value` and `baseline` are medians in `unit`; `ratio`, `q1` and `q3` are of the ratios of the rounds.

    Without a baseline, `ratio` is None and the quartiles are those of the value.
    """

    name: str
    unit: str
    value: float
    baseline: float | None
    ratio: float | None
    q1: float
    q3: float
    rounds: int
    details: Mapping[str, float | str] = field(default_factory=dict)
    """What else was seen, by name, with its unit in the name: where the time went, what crossed the wire."""

    def row(self) -> str:
        """A line of the table."""
        baseline = "" if self.baseline is None else f"{self.baseline:.4g}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"{self.name:26} {self.value:>9.4g} {baseline:>9} {self.unit:14} {ratio:>6}  {self.q1:.2f}-{self.q3:.2f}"

    def remarks(self) -> list[str]:
        """The details, a line each, to stand below the row."""
        return [f"  {name:34} {_spelled(said):>12}" for name, said in self.details.items()]

    def write(self, folder: Path) -> None:
        """Write `folder`/NAME.json, with what ran where."""
        where = {"python": platform.python_version(), "product": version("xkit-operator"), "cores": os.cpu_count()}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(json.dumps(asdict(self) | {"ran": where}, indent=2) + "\n")


def _spelled(said: float | str) -> str:
    return said if isinstance(said, str) else f"{said:,.4g}" if said % 1 else f"{said:,.0f}"


HEADING = f"{'benchmark':26} {'value':>9} {'baseline':>9} {'unit':14} {'ratio':>6}  quartiles"


def ratio(name: str, unit: str, values: list[float], baselines: list[float]) -> Result:
    """Compare two series that were measured in turn."""
    ratios = [value / baseline for value, baseline in zip(values, baselines, strict=True)]
    q1, q3 = _quartiles(ratios)
    return Result(
        name=name,
        unit=unit,
        value=statistics.median(values),
        baseline=statistics.median(baselines),
        ratio=statistics.median(ratios),
        q1=q1,
        q3=q3,
        rounds=len(ratios),
    )


def number(name: str, unit: str, values: list[float]) -> Result:
    """A series without a baseline."""
    q1, q3 = _quartiles(values)
    return Result(
        name=name,
        unit=unit,
        value=statistics.median(values),
        baseline=None,
        ratio=None,
        q1=q1,
        q3=q3,
        rounds=len(values),
    )


def _quartiles(values: list[float]) -> tuple[float, float]:
    """The first and the third; of one round alone, both are its value."""
    q1, _, q3 = statistics.quantiles(values if len(values) > 1 else values * 2, n=4, method="inclusive")
    return q1, q3
