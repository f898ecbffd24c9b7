"""What the product promises about many Destinations, and whether the results keep it."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.result import Result
from tests.scale.sizes import CHANGED, FIRST_RECONCILE, IDLE_WRITES, PEAK

RATIO = "as long as the bare script"
VALUE = "RSS, MiB"


@dataclass(frozen=True)
class Bar:
    """At most `limit` of `what` in the result `name`."""

    name: str
    what: str
    limit: float

    def found(self, result: Result) -> float:
        """The figure that it is about."""
        if self.what == RATIO:
            return float(result.ratio or 0)
        return result.value if self.what == VALUE else float(result.details[self.what])


BARS = (
    Bar("scale-100", RATIO, 1.5),
    Bar("scale-1000", RATIO, 1.5),
    Bar("scale-1000", FIRST_RECONCILE, 5.0),
    Bar("scale-1000", IDLE_WRITES, 0),
    Bar("scale-1000", CHANGED, 0),
    Bar("scale-5000", RATIO, 1.5),
    Bar("scale-5000-rss", VALUE, 150),
    Bar("scale-5000-rss", PEAK, 150),
)


def missed(results: Iterable[Result]) -> list[str]:
    """Print a line for each bar that the results are about; those that are missed."""
    by_name = {result.name: result for result in results}
    lines = []
    for bar in BARS:
        if bar.name in by_name:
            figure = bar.found(by_name[bar.name])
            kept = figure <= bar.limit
            line = f"{bar.name:16} {bar.what:42} {figure:>8.4g}   at most {bar.limit:g}"
            print(line if kept else f"{line}   MISSED")
            lines += [] if kept else [line]
    return lines
