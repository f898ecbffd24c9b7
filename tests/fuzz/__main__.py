"""`python -m tests.fuzz [--seed N] [--seconds S] [--case K]`: bad input at the runner's port."""

import argparse
import asyncio
import secrets
import sys
from collections.abc import Iterator

from tests.fuzz.judge import Fault
from tests.fuzz.run import fuzz, play_again


def main() -> int:
    """The exit code: 1 when a fault was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="another number, other cases (default: a random one)")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--case", type=int, default=None, help="play this case of the seed alone")
    asked = parser.parse_args()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    run = play_again(seed=seed, case=asked.case) if asked.case is not None else fuzz(seed=seed, seconds=asked.seconds)
    found: list[Fault] = []
    try:
        asyncio.run(run)
    except* Fault as faults:
        found = list(_leaves(faults))
    for fault in found:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if found else 0


def _leaves(group: BaseExceptionGroup[Fault]) -> Iterator[Fault]:
    for one in group.exceptions:
        if isinstance(one, BaseExceptionGroup):
            yield from _leaves(one)
        else:
            yield one


if __name__ == "__main__":
    sys.exit(main())
