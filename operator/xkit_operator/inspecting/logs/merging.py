"""Lines of several containers in the order in which they were written, with one line of each in memory."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from xkit_operator.inspecting.logs.line import Line

_Head = tuple[datetime, int, Line]


async def merged(streams: Iterable[AsyncIterator[Line]]) -> AsyncIterator[Line]:
    """Yield what is in `streams`, each of which is in order."""
    places = list(streams)
    first = await asyncio.gather(*(_head(place, stream) for place, stream in enumerate(places)))
    heads = [one for one in first if one is not None]
    heapq.heapify(heads)
    while heads:
        _, place, line = heapq.heappop(heads)
        yield line
        following = await _head(place, places[place])
        if following is not None:
            heapq.heappush(heads, following)


async def _head(place: int, stream: AsyncIterator[Line]) -> _Head | None:
    """The next line of a stream, and what it is ordered by: no two have the same place."""
    line = await anext(stream, None)
    return None if line is None else (line.time, place, line)
