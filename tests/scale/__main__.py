"""`python -m tests.scale [COUNT…]`: 100, 1000 and 5000 Destinations, or those named; 1 when a bar is missed."""

import sys
from pathlib import Path

from tests.bench.result import HEADING
from tests.scale.bars import missed
from tests.scale.sizes import five_thousand, hundred, thousand

OUT = Path("build/bench")

_SIZES = {"100": hundred, "1000": thousand, "5000": five_thousand}


def main() -> int:
    """The exit code: 2 for a number that is not measured."""
    chosen = sys.argv[1:] or list(_SIZES)
    unknown = [name for name in chosen if name not in _SIZES]
    if unknown:
        print(f"not measured: {', '.join(unknown)}; there are {', '.join(_SIZES)}", file=sys.stderr)
        return 2
    results = []
    for name in chosen:
        for result in _SIZES[name](None):
            result.write(OUT)
            results.append(result)
    print(HEADING, *(line for result in results for line in (result.row(), *result.remarks())), "", sep="\n")
    return 1 if missed(results) else 0


if __name__ == "__main__":
    sys.exit(main())
