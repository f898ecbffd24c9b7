"""Clients beside a fault: each sends short asynchronous records, one after another, and looks at each answer."""

import asyncio
from collections import Counter
from typing import Self

import aiohttp

from tests.executor.pod import Pod, eventually, record

CLIENTS = 16
AGAIN_SECONDS = 0.05  # how long a client waits that was told to come back; the runner says 1 s


class Innocents:
    """Sixteen clients that send to `pod` until the block is left."""

    def __init__(self, pod: Pod, *, patience: float) -> None:
        """A record without an answer after `patience` seconds is lost."""
        self._pod = pod
        self._patience = patience
        self._clients: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()
        self.served = [0] * CLIENTS
        """Right answers, by client."""
        self.handed_back: Counter[tuple[int, str]] = Counter()
        """Answers that say that the record may be sent again, by status and code."""
        self.lost: list[str] = []
        """Answers that no sender may ever get, and those that never came."""

    async def __aenter__(self) -> Self:
        self._clients = [asyncio.create_task(self._send(number)) for number in range(CLIENTS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.gather(*self._clients)

    async def are_served(self, times: int) -> None:
        """Wait until each client has had `times` further right answers."""
        goal = [served + times for served in self.served]

        async def have_all() -> bool:
            return all(now >= then for then, now in zip(goal, self.served, strict=True))

        await eventually(have_all, f"each innocent is served {times} times more; lost: {self.lost[:3]}")

    async def _send(self, client: int) -> None:
        count = 0
        while not self._stop.is_set():
            count += 1
            await self._send_one(client, f"innocent-{client}-{count}")

    async def _send_one(self, client: int, name: str) -> None:
        try:
            async with asyncio.timeout(self._patience):
                status, body, headers = await self._pod.send(record(name))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self.lost.append(f"{name}: {error!r}")
            return
        if (status, body.get("id"), body.get("result")) == (200, name, name):
            self.served[client] += 1
        elif body.get("id") == name and body.get("retryable") and (status == 504 or headers.get("retry-after") == "1"):
            self.handed_back[status, body["code"]] += 1
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            self.lost.append(f"{name}: {status} {body}")
