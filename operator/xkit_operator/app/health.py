"""Whether this process does its work: `/healthz` for the kubelet's restarts, `/readyz`, and `/metrics` beside them.

Judged by what was observed (answers of the API server, workers that come to an end), never by one object that cannot
be reconciled. kopf's own endpoint stays green through any outage, so it is not used.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from xkit_operator.app.metrics import Metrics
from xkit_operator.engine.queue import KeyedQueue
from xkit_operator.errors import XkitError
from xkit_operator.kube.client import Cluster
from xkit_operator.kube.lease import Lease
from xkit_operator.reconcile.key import Key

_UNAUTHORIZED = 401


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Seconds after which something counts as a fault.

    A restart mends nothing outside of this process, so what may be outside has long bounds: they are for a client that
    does not recover. `heartbeat` is the pause between two requests that are made for the sake of this alone.
    """

    heartbeat: float = 15.0
    api_silence_unready: float = 60.0
    api_silence_dead: float = 300.0
    longest_run: float = 300.0  # above the deadline of a run: its worker has not come back from being cancelled
    standstill: float = 300.0  # a deadline later each worker should have taken another key
    unrenewed: float = 5.0  # two renewals have failed; the process ends by itself when the Lease is lost


class Health:
    """The facts. `clock` is that of the event loop, in seconds."""

    def __init__(self, queue: KeyedQueue[Key], clock: Callable[[], float], bounds: Bounds = Bounds()) -> None:
        self.bounds = bounds
        self._lease: Lease | None = None
        self._queue = queue
        self._clock = clock
        self._api_answered = clock()
        self._listed = False

    def api_request(self, _verb: str, code: int) -> None:
        """The API server answered with `code`, or did not (0). An answer to a stranger does not count."""
        if 200 <= code < 500 and code != _UNAUTHORIZED:
            self._api_answered = self._clock()

    def listed(self) -> None:
        """The first list is complete: from now on the world is known."""
        self._listed = True

    def watch_lease(self, lease: Lease) -> None:
        """From now on this process leads while it holds `lease`, and else stands by."""
        self._lease = lease

    @property
    def role(self) -> str:
        """What this process is: the one that works, or a standby, and for whom."""
        if self._lease is None or self._lease.held:
            return "leading"
        return f"standby: {self._lease.other} leads" if self._lease.other else "standby: nobody leads yet"

    def dead(self) -> str | None:
        """Why a restart is due, or None."""
        if self._lease is not None and self._lease.unrenewed > self.bounds.unrenewed:
            return "the Lease is not renewed"
        if self._queue.longest_run > self.bounds.longest_run:
            return "a worker does not come to an end"
        if self._queue.standstill > self.bounds.standstill:
            return "the queue is not worked off"
        if self._silence() > self.bounds.api_silence_dead:
            return "the API server does not answer"
        return None

    def unready(self) -> str | None:
        """Why nothing can be expected of this process right now, or None."""
        if self._lease is not None and not self._lease.held:
            return self.dead() or (None if self._lease.other else self.role)
        if not self._listed:
            return "waiting for the first list of Destinations and SourceMappings"
        if self._silence() > self.bounds.api_silence_unready:
            return "the API server does not answer"
        return self.dead()

    def _silence(self) -> float:
        return self._clock() - self._api_answered


async def heartbeat(cluster: Cluster, seconds: float) -> None:
    """Ask the API server for its version for ever, so that its silence is noticed while there is nothing to do."""
    while True:
        with contextlib.suppress(XkitError):  # what the request came to is observed by Health
            await cluster.version()
        await asyncio.sleep(seconds)


async def serve(health: Health, metrics: Metrics, *, port: int) -> web.AppRunner:
    """Serve the three paths on all addresses; whoever calls must `await cleanup()` what it returns."""

    def verdict(judge: Callable[[], str | None]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(_: web.Request) -> web.Response:
            fault = judge()
            return web.Response(text=fault or health.role, status=503 if fault else 200)

        return handle

    async def exposition(_: web.Request) -> web.Response:
        return web.Response(body=metrics.exposition(), headers={"Content-Type": "text/plain; version=0.0.4"})

    application = web.Application()
    application.router.add_get("/healthz", verdict(health.dead))
    application.router.add_get("/readyz", verdict(health.unready))
    application.router.add_get("/metrics", exposition)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, port=port).start()
    return runner
