"""All cases on as many benches as are wanted; each bench takes the next case as soon as it is free."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.errors import RunnerNotStarted
from xkit_operator.golden.bench import Bench
from xkit_operator.golden.compare import Difference
from xkit_operator.golden.suite import Test
from xkit_operator.golden.verdict import Happened, differences
from xkit_operator.running.version import Version


@dataclass(frozen=True)
class Outcome:
    """One case that has run."""

    test: Test
    happened: Happened
    differences: tuple[Difference, ...]

    @property
    def has_passed(self) -> bool:
        return not self.differences


@dataclass(frozen=True)
class Benches:
    """How benches are opened."""

    node: Path
    packages: Path
    count: int
    lenient: bool = False


async def run_tests(
    tests: Sequence[Test], version: Version, benches: Benches, *, on_outcome: Callable[[Outcome], None]
) -> list[Outcome]:
    """Run `tests`; the outcomes in their order, each told to `on_outcome` as it comes. Raises RunnerNotStarted."""
    left = iter(enumerate(tests))
    outcomes: dict[int, Outcome] = {}

    async def work() -> None:
        bench = await Bench.open(version, node=benches.node, packages=benches.packages, lenient=benches.lenient)
        try:
            for number, test in left:
                happened = await bench.run(test, number)
                outcomes[number] = Outcome(test, happened, tuple(differences(test.case, happened)))
                on_outcome(outcomes[number])
        finally:
            await bench.close()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(benches.count, len(tests))):
                group.create_task(work())
    except* RunnerNotStarted as errors:
        raise errors.exceptions[0] from errors  # every bench loads the same functions
    return [outcomes[number] for number in sorted(outcomes)]
