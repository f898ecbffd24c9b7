"""Objects to the API server as both sides write them: server-side apply by the operator's client, a few at a time."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from xkit_operator.kube.client import Cluster

WORKERS = 4
"""As many as the operator has."""


async def apply_all(cluster: Cluster, groups: Iterable[Sequence[dict[str, Any]]]) -> None:
    """Write the objects of each group one after the other, and several groups at once."""
    waiting = iter(groups)

    async def work() -> None:
        for group in waiting:
            for one in group:
                await cluster.apply(one, manager="scale")

    async with asyncio.TaskGroup() as workers:
        for _ in range(WORKERS):
            workers.create_task(work())
