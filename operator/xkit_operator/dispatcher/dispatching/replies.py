"""The replies that a request waits for: one, or all those of a batch.

Whoever waits may have been cancelled, when the server is stopped by force; a reply that comes then is dropped.
"""

import asyncio
from typing import Protocol

from xkit_operator.dispatcher.outcomes.reply import Reply


class Replies(Protocol):
    """Where the replies to the records of one request go."""

    def take(self, index: int, reply: Reply) -> None:
        """The reply to the record at `index` has come."""


class OneReply:
    """The reply to one record."""

    def __init__(self) -> None:
        self._future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

    def take(self, index: int, reply: Reply) -> None:
        """See Replies."""
        if not self._future.done():
            self._future.set_result(reply)

    async def wait(self) -> Reply:
        return await self._future


class AllReplies:
    """The replies to the records of a batch: somebody waits once for all, since a wait for each would cost far more."""

    def __init__(self, size: int) -> None:
        self._bodies = [b""] * size
        self._missing = size
        self._all: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def take(self, index: int, reply: Reply) -> None:
        """See Replies."""
        self._bodies[index] = reply.body
        self._missing -= 1
        if not self._missing and not self._all.done():
            self._all.set_result(None)

    async def bodies(self) -> list[bytes]:
        """The bodies, in the order of the records."""
        if self._missing:
            await self._all
        return self._bodies
