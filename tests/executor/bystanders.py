"""Who is there when a fault happens: sixteen innocent clients, the kubelet's probe, and a probe of an idle runner.

The block in which the fault happens begins when all is well, and ends only when all is well again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.executor.health_probe import Health, HealthProbe
from tests.executor.innocents import Innocents
from tests.executor.pod import Pod, eventually

AROUND = 10  # records that each client is served before the fault, and again after it


@dataclass(frozen=True)
class Bystanders:
    """Those beside one fault."""

    innocents: Innocents
    probe: HealthProbe
    idle_probe: HealthProbe

    @property
    def health(self) -> Health:
        """What the kubelet has seen, once the block is over."""
        return self.probe.seen

    @property
    def idle_health(self) -> Health:
        """What it would have seen of a runner with nothing to do."""
        return self.idle_probe.seen


@asynccontextmanager
async def bystanders(pod: Pod, idle: Pod, *, patience: float) -> AsyncIterator[Bystanders]:
    """`idle` has nothing to do: its health answers tell what the machine itself takes."""
    await eventually(lambda: _is_whole(pod), "an executor serves, another stands by")
    async with (
        HealthProbe(idle) as idle_probe,
        HealthProbe(pod) as probe,
        Innocents(pod, patience=patience) as innocents,
    ):
        await innocents.are_served(AROUND)
        yield Bystanders(innocents, probe, idle_probe)
        await eventually(lambda: _is_whole(pod), "an executor serves again, another stands by")
        await innocents.are_served(AROUND)


async def _is_whole(pod: Pod) -> bool:
    return pod.socket.is_socket() and await pod.metric("xkit_runner_executors_ready") == 2
