"""`python -m tests.bench [NAME]`: measures, writes build/bench/NAME.json, prints a table.

Each benchmark runs the product and its baseline in turn in one run; no absolute time is a pass mark.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import check, edit, images, runner, servers
from tests.bench.result import HEADING, Result
from tests.executor.pod import Runtime
from tests.scale import sizes

OUT = Path("build/bench")

Measure = Callable[[Runtime], list[Result]]

BENCHMARKS: dict[str, Measure] = {
    "runner-single": runner.single,
    "runner-p99": runner.single,
    "runner-batch100": runner.batch,
    "peer-functions-framework": runner.peer("peer-functions-framework", servers.functions_framework),
    "peer-express": runner.peer("peer-express", servers.express),
    "runner-axios": runner.axios,
    "runner-idle-pss": runner.idle_pss,
    "runner-idle-floor": runner.idle_pss,
    "runner-ready": runner.ready,
    "image-new": images.new,
    "image-edit": images.edited,
    "image-unchanged": images.unchanged,
    "image-full": images.full,
    "image-50": images.many,
    "cli-check": check.cli_check,
    "edit-to-serving": edit.edit_to_serving,
    "scale-100": sizes.hundred,
    "scale-1000": sizes.thousand,
    "scale-5000": sizes.five_thousand,
    "scale-5000-rss": sizes.five_thousand,
}


def main() -> int:
    """The exit code: 2 for a name that is not known."""
    chosen = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    runtime = Runtime.fetch()
    results = []
    for number, measure in enumerate(measures := list(dict.fromkeys(BENCHMARKS[name] for name in chosen)), 1):
        print(f"[{number}/{len(measures)}] measuring", file=sys.stderr, flush=True)
        for result in measure(runtime):
            result.write(OUT)
            results.append(result)
            print(f"  {result.row()}", file=sys.stderr, flush=True)
    print(HEADING, *(line for result in results for line in (result.row(), *result.remarks())), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
