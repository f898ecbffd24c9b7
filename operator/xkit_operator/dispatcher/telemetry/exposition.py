"""Prometheus' text format 0.0.4: families of samples in, the text that a scrape reads out. Pure.

The client library would bring an HTTP server, a mail parser and 4 MiB with it, for these few lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """Metrics of one name."""

    name: str
    """With `_total`, where it counts."""
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    """Their names, without the `le` of a histogram."""
    samples: list[tuple[str, Labels, float]] = field(default_factory=list)
    """What comes after the name, such as `_bucket`; the labels; the value."""

    def add(self, value: float, *values: str, suffix: str = "", **more: str) -> None:
        """Take a sample, with the values of the labels in the order of their names."""
        self.samples.append((suffix, {**dict(zip(self.labels, values, strict=True)), **more}, value))


def gauge(name: str, text: str, value: float) -> Family:
    """One number that goes up and down."""
    family = Family(name, "gauge", text)
    family.add(value)
    return family


def counter(name: str, text: str, labels: tuple[str, ...], counts: Iterable[tuple[tuple[str, ...], float]]) -> Family:
    """Numbers that only grow, by the values of their labels."""
    family = Family(name, "counter", text, labels)
    for values, count in counts:
        family.add(count, *values)
    return family


def expose(families: Iterable[Family]) -> bytes:
    """The text of `families`, in their order."""
    return "".join(line for family in families for line in _lines(family)).encode(errors="replace")


def _lines(family: Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.help}\n# TYPE {family.name} {family.kind}\n"
    for suffix, labels, value in family.samples:
        pairs = ",".join(f'{name}="{_escaped(labels[name])}"' for name in sorted(labels))
        yield f"{family.name}{suffix}{'{' + pairs + '}' if pairs else ''} {float(value)!r}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
