"""Leadership among several operator processes: wait for the Lease, renew it while the work goes on, give it back.

The wiring begins the work after `acquire` and has stopped it before `release`. A leader that cannot renew abandons the
process on the spot, threads and uploads included: each step of a reconcile can be cut, and nothing that could hang
stands between the loss and the end. `Cluster` asks the same Lease before every write.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NoReturn

from xkit_operator.errors import XkitError
from xkit_operator.kube.lease import Lease, Leases, Terms
from xkit_operator.settings import Settings

logger = logging.getLogger(__name__)

LEASE_LOST = 3
"""The exit code of a process that has led and may no more."""

_RENEW = 2.0
_RETRY = 0.5  # after a renewal that failed
_LOOK = 1.5  # of a standby; bounds how long nobody works after a release


def lease_of(settings: Settings, leases: Leases, clock: Callable[[], float]) -> Lease | None:
    """The Lease that the settings name; None when this process is the only one."""
    if settings.lease_namespace is None:
        return None
    return Lease(
        leases,
        namespace=settings.lease_namespace,
        name=settings.lease_name,
        # Two processes of one name are the containers of one Pod, of which the first has ended.
        identity=settings.instance,
        terms=Terms(),
        clock=clock,
        now=lambda: datetime.now(UTC),
    )


def abandon(reason: str) -> NoReturn:
    """End the process as `kill -9` would, with a line in the log."""
    logger.error("LeaseLost: %s", reason)
    os._exit(LEASE_LOST)


class Leadership:
    """`abandon` ends the process, with the reason that it is given; it does not return."""

    def __init__(self, lease: Lease, abandon: Callable[[str], None]) -> None:
        self._lease = lease
        self._abandon = abandon
        self._keeping: asyncio.Task[None] | None = None

    async def acquire(self) -> None:
        """Wait until this process leads, and keep it the leader from then on."""
        told = ""
        while not await self._attempted():
            if self._lease.other != told:
                told = self._lease.other
                logger.info("Standing by: %s leads", told)
            await asyncio.sleep(_LOOK)
        logger.info("Leading")
        self._keeping = asyncio.create_task(self._keep(), name="leadership")

    async def release(self) -> None:
        """End the renewals and let another lead."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await self._lease.release()

    async def _keep(self) -> None:
        pause = _RENEW
        while True:
            await asyncio.sleep(min(pause, self._lease.remaining))
            # Time may have passed while the process was stopped or its loop was busy: then another may lead by now.
            if not self._lease.held:
                break
            pause = _RENEW if await self._attempted() else _RETRY
        self._abandon(f"the Lease is lost to {self._lease.other}" if self._lease.other else "the Lease was not renewed")

    async def _attempted(self) -> bool:
        try:
            return await self._lease.attempt()
        except XkitError as error:
            logger.warning("The Lease: %s: %s", error.code, error)
        except TimeoutError:
            logger.warning("The Lease: the API server does not answer")
        return False
