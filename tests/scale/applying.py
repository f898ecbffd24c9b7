"""Objects to the API server as all sides write them: server-side apply by the operator's client, a few at a time."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from tests.scale.readiness import TELL_SECONDS
from xkit_operator.kube.client import Cluster

MANAGER = "scale"
WORKERS = 4
"""As many as the operator has."""

One = TypeVar("One")


async def each(ones: Iterable[One], write: Callable[[One], Awaitable[None]]) -> None:
    """Call `write` with each of `ones`, several at once; tells every few seconds how many are done."""
    waiting = iter(ones)
    done, told = 0, time.monotonic()

    async def work() -> None:
        nonlocal done, told
        for one in waiting:
            await write(one)
            done += 1
            if time.monotonic() - told > TELL_SECONDS:
                told = time.monotonic()
                print(f"    written: {done}", file=sys.stderr, flush=True)

    async with asyncio.TaskGroup() as workers:
        for _ in range(WORKERS):
            workers.create_task(work())


async def apply_all(cluster: Cluster, groups: Iterable[Sequence[dict[str, Any]]]) -> None:
    """Write the objects of each group one after the other, and several groups at once."""
    await each(groups, partial(apply_group, cluster))


async def apply_group(cluster: Cluster, group: Sequence[dict[str, Any]]) -> None:
    """Write objects, one after the other."""
    for one in group:
        await cluster.apply(one, manager=MANAGER)
