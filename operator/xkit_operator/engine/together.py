"""Several pieces of work at once: what each waits for, some wait for at the same time.

Called by `reconcile/` where an order would only cost time. Unlike a TaskGroup it cuts nothing short: a write that is
under way comes to its end, whatever becomes of the others.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

_AT_ONCE = 8  # of one call: a Destination may have hundreds of SourceMappings, and others share its connections


async def together(*work: Coroutine[Any, Any, Result]) -> list[Result]:
    """What each returns, in order. Raises what the first in that order raises, when all have ended."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(piece: Coroutine[Any, Any, Result]) -> Result:
        try:
            async with places:
                return await piece
        finally:
            piece.close()  # when it was cut short before it had a place

    ended = await asyncio.gather(*map(one, work), return_exceptions=True)
    results: list[Result] = []
    for result in ended:
        if isinstance(result, BaseException):
            raise result
        results.append(result)
    return results
