"""How many objects are ready, asked as kubectl asks: for the columns of a table, since objects as a whole would cost
the API server more than what is measured.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from xkit_operator.kube.kinds import path

_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
_LOOK_SECONDS = 0.5
TELL_SECONDS = 5.0
_SHARE = 0.05


class Tables:
    """`api` is the official client's."""

    def __init__(self, api: Any, namespace: str) -> None:
        self._api = api
        self._namespace = namespace

    async def column(self, kind: str, title: str) -> list[str]:
        """What stands in one column for each object of `kind`, as the server last saw them."""
        return [cell for (cell,) in await self.columns(kind, title)]

    async def columns(self, kind: str, *titles: str) -> list[tuple[str, ...]]:
        """The same of several columns."""
        request = await self._api.param_serialize(
            "GET",
            path(kind, namespace=self._namespace),
            query_params=[("includeObject", "None"), ("resourceVersion", "0")],
            header_params={"Accept": _TABLE},
            auth_settings=["BearerToken"],
        )
        table = json.loads(await (await self._api.call_api(*request)).read())
        names = [one["name"] for one in table["columnDefinitions"]]
        numbers = [names.index(title) for title in titles]
        return [tuple(str(row["cells"][number]) for number in numbers) for row in table["rows"] or ()]


async def destinations_ready(tables: Tables) -> int:
    """Destinations whose two SourceMappings are served, too."""
    ready = (await tables.column("Destination", "Ready")).count("True")
    served = (await tables.column("SourceMapping", "Ready")).count("True")
    return min(ready, served // 2)


async def deployments_available(tables: Tables) -> int:
    """Deployments whose one Pod is there."""
    return (await tables.column("Deployment", "Available")).count("1")


async def wait_for(what: str, count: int, ask: Callable[[], Awaitable[int]], *, seconds: float) -> float:
    """When `ask` said `count`, on the monotonic clock; tells every few seconds how far it is.

    Looks as often as costs a twentieth of the time. Raises TimeoutError.
    """
    start = told = time.monotonic()
    while True:
        asked = time.monotonic()
        found = await ask()
        now = time.monotonic()
        if found >= count:
            return now
        if now - told > TELL_SECONDS:
            told = now
            print(f"    {what}: {found} of {count} after {now - start:.0f} s", file=sys.stderr, flush=True)
        if now - start > seconds:
            raise TimeoutError(f"{what}: {found} of {count} after {seconds:.0f} s")
        await asyncio.sleep(max(_LOOK_SECONDS, (now - asked) / _SHARE))
