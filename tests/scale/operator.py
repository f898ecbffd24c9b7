"""The operator as a process of this machine, as it is shipped: without the checks of a developer's Python."""

import asyncio
import re
import time
from collections import Counter
from pathlib import Path

from tests.bench.processes import cpu_seconds, tree
from tests.operator.process import Operator
from tests.scale.readiness import wait_for

_SAMPLE = re.compile(r"(\w+?)(?:_total)?(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_QUIET_SECONDS = 3.0
_MIB = 1024.0


class Measured(Operator):
    """One that tells what it costs."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        super().__init__(environment, log, python=())

    def count(self, metric: str, by: str) -> Counter[str]:
        """The samples of one of its counters, summed by a label; empty while it does not answer."""
        found: Counter[str] = Counter()
        for line in self.ask("/metrics")[1].splitlines():
            sample = _SAMPLE.fullmatch(line)
            if sample and sample[1] == f"xkit_operator_{metric}":
                found[dict(_LABEL.findall(sample[2] or ""))[by]] += int(float(sample[3]))
        return found

    @property
    def writes(self) -> int:
        """Requests to the API server that were no reads."""
        verbs = self.count("api_requests", "verb")
        return verbs.total() - verbs["GET"]

    @property
    def reconciles(self) -> int:
        return self.count("reconciles", "kind").total()

    @property
    def rss_mib(self) -> float:
        """Of the operator's own process."""
        return self._memory("VmRSS")

    @property
    def peak_mib(self) -> float:
        """The most that it ever had."""
        return self._memory("VmHWM")

    @property
    def parsers_mib(self) -> float:
        """Of the Node.js processes that it keeps for a while."""
        return sum(_memory(pid, "VmRSS") for pid in tree(self.pid) if pid != self.pid)

    @property
    def cpu(self) -> float:
        """Seconds so far."""
        return cpu_seconds([self.pid])

    async def first_reconcile(self, since: float, *, seconds: float) -> float:
        """Seconds from `since`, on the monotonic clock, until it has ended its first reconcile."""
        while self.reconciles == 0:
            if time.monotonic() - since > seconds:
                raise TimeoutError(f"no reconcile within {seconds:.0f} s: {self.log.read_text()[-2000:]}")
            await asyncio.sleep(0.05)
        return time.monotonic() - since

    async def quiet(self, *, seconds: float) -> float:
        """When its last reconcile ended, after which it had nothing to do for a few seconds."""
        last, since = -1, time.monotonic()

        async def calm() -> int:
            nonlocal last, since
            done = self.reconciles
            if done != last:
                last, since = done, time.monotonic()
            return time.monotonic() - since > _QUIET_SECONDS

        await wait_for("the queue is empty", 1, calm, seconds=seconds)
        return since

    def _memory(self, field: str) -> float:
        return _memory(self.pid, field)


def _memory(pid: int, field: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / _MIB
