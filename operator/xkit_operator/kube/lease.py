"""The Lease that one of several operator processes holds: one attempt to take or renew it, and its release.

`app/leading.py` says when to try. Whether another holder's time is over is judged by our own monotonic clock since its
record last changed, never by the times in it; a write carries the resourceVersion that was read, so of two processes
that try at once one gets a 409. Never two hold it: the holder counts from before it sent the write, everybody else
from after they saw it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from xkit_operator.errors import XkitError
from xkit_operator.kube.client import Object
from xkit_operator.kube.kinds import api_version
from xkit_operator.kube.micro_time import micro_time


class Leases(Protocol):
    """What a Lease needs of a Cluster."""

    async def find(self, kind: str, *, namespace: str, name: str) -> Object | None:
        """Read one object; None when it is absent."""

    async def create(self, obj: Object) -> Object:
        """Store a new object. Raises ApiConflict when there is one."""

    async def replace(self, obj: Object) -> Object:
        """Store an object that was read. Raises ApiConflict when it has changed since."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Seconds. A holder that was not renewed for `deadline` stops, and others wait for `duration`: the time between
    the two is for its last writes to arrive, and for clocks of different pace. `request` bounds each attempt.
    """

    duration: int = 15
    deadline: float = 10.0
    request: float = 3.0


class Lease:
    """`clock` is monotonic, in seconds; `now` gives aware UTC times, which are for people to read."""

    def __init__(
        self,
        leases: Leases,
        *,
        namespace: str,
        name: str,
        identity: str,
        terms: Terms,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._leases = leases
        self._where = {"namespace": namespace, "name": name}
        self._identity = identity
        self._terms = terms
        self._clock = clock
        self._now = now
        self._renewed: float | None = None  # when the last write that succeeded was sent
        self._ours: Object | None = None  # as that write left it
        self._tried = False
        self._seen: Object = {}  # the last record of another holder
        self._seen_until = 0.0

    @property
    def remaining(self) -> float:
        """For how many seconds it is held without another renewal; 0 when it is not held."""
        return 0.0 if self._renewed is None else max(0.0, self._renewed + self._terms.deadline - self._clock())

    @property
    def held(self) -> bool:
        """Whether this process may write now."""
        return self.remaining > 0

    @property
    def unrenewed(self) -> float:
        """Seconds since the last renewal, also when the Lease is lost by it; 0 when it never was held."""
        return 0.0 if self._renewed is None else self._clock() - self._renewed

    @property
    def other(self) -> str:
        """Who was seen to hold it last, if that was another."""
        return str(self._seen.get("holderIdentity") or "")

    async def attempt(self) -> bool:
        """Take or renew it; whether it is ours now. Raises ClusterError, TimeoutError: that is not known."""
        read, self._ours = self._ours, None  # a write without an answer may have been stored: then it is read again
        was_held = self.held
        async with asyncio.timeout(min(self._terms.request, self.remaining or self._terms.request)):
            if read is None:
                read = await self._leases.find("Lease", **self._where)
                if not self._free(read):
                    self._renewed = None
                    return False
            sent = self._clock()
            self._tried = True
            if read is None:
                ours = await self._leases.create(self._record(None))
            else:
                ours = await self._leases.replace(self._record(read))
        if was_held and not self.held:
            return False  # the answer came too late: whoever asked meanwhile was told that it is lost
        self._ours, self._renewed, self._seen = ours, sent, {}
        return True

    async def release(self) -> None:
        """Let the next process have it at once. To be called when all work has stopped; a failure costs only time."""
        self._renewed = self._ours = None
        if not self._tried:
            return
        try:
            async with asyncio.timeout(self._terms.request):
                read = await self._leases.find("Lease", **self._where)
                if read is not None and read["spec"].get("holderIdentity") == self._identity:
                    await self._leases.replace(self._record(read, released=True))
        except (XkitError, TimeoutError):
            return

    def _free(self, read: Object | None) -> bool:
        # One that somebody deleted counts as unchanged: its holder will make it again, if it is alive.
        spec: Object = self._seen if read is None else read["spec"]
        if spec.get("holderIdentity") in (self._identity, "", None):
            return True
        if spec != self._seen:
            self._seen = spec
            self._seen_until = self._clock() + (spec.get("leaseDurationSeconds") or self._terms.duration)
        return self._clock() >= self._seen_until

    def _record(self, read: Object | None, *, released: bool = False) -> Object:
        old: Object = read["spec"] if read is not None else {}
        now = micro_time(self._now())
        taken = old.get("holderIdentity") != self._identity
        spec = {
            "holderIdentity": "" if released else self._identity,
            "leaseDurationSeconds": 1 if released else self._terms.duration,
            "acquireTime": now if taken else old.get("acquireTime", now),
            "renewTime": now,
            "leaseTransitions": (old.get("leaseTransitions") or 0) + taken,
        }
        frame = {"apiVersion": api_version("Lease"), "kind": "Lease", "metadata": dict(self._where)}
        return (read or frame) | {"spec": spec}
