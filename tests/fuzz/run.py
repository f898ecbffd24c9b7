"""One run: everybody who attacks, everybody who must not notice, and what must be true of the dispatcher at the end.

The case of a fault is written to build/fuzz and can be played again by its seed and number. Ten faults end the run.
"""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from random import Random
from typing import Any

from tests.executor.health_probe import HealthProbe
from tests.executor.pod import Pod, eventually
from tests.fuzz import crowd, innocents, pace
from tests.fuzz.answers import NoHttpError
from tests.fuzz.bounds import MOST_MEBIBYTES, MOST_PROBE_MILLISECONDS
from tests.fuzz.case import Case
from tests.fuzz.closing import is_as_before
from tests.fuzz.generators import generate
from tests.fuzz.judge import Fault, judge
from tests.fuzz.sender import play
from tests.fuzz.target import Watch, running_pod

OUT = Path("build/fuzz")
SENDERS = 24
INNOCENTS = 3
PROGRESS_SECONDS = 10.0
MOST_FAULTS = 10


class Run:
    """What has happened so far."""

    def __init__(self, pod: Pod, *, seed: int, seconds: float) -> None:
        self.pod = pod
        self.codes: Counter[str] = Counter()
        self.innocents: Counter[str] = Counter()
        self.cases = 0
        self.faults: list[str] = []
        self._watch = Watch(pod)
        self._seed = seed
        self._numbers = itertools.count()
        self._began = time.monotonic()
        self._ends = self._began + seconds

    async def play_cases(self, numbers: "itertools.count[int] | list[int]") -> None:
        """Play one case after the other until the time is over."""
        for number in numbers:
            if len(self.faults) >= MOST_FAULTS:
                raise Fault("\n".join(self.faults))
            if time.monotonic() > self._ends:
                return
            await self.play_case(number)

    async def play_case(self, number: int) -> None:
        """Keeps a fault, and how to play its case again."""
        name, case = generate(self._seed, number)
        try:
            judge(case, await play(case, self.pod.port), self.codes)
        except (AssertionError, NoHttpError, ValueError, OSError) as error:
            self.faults.append(f"{name}: {error!r}\n  {case}\n  {self._write(number, case)}")
        self.cases += 1

    async def everything(self) -> None:
        """All senders at once, until the time is over. Raises Fault."""
        attacks: list[Coroutine[Any, Any, None]] = [self.play_cases(self._numbers) for _ in range(SENDERS)]
        attacks += [self._keep(pace.repeat(sender, self.pod.port, until=self._ends)) for sender in pace.SENDERS]
        attacks.append(self._keep(self._crowds()))
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(self._innocent(number)) for number in range(INNOCENTS)]
            beside.append(group.create_task(self._report()))
            async with asyncio.TaskGroup() as attackers:
                for attack in attacks:
                    attackers.create_task(attack)
            for one in beside:
                one.cancel()

    async def conclude(self) -> None:
        """Raises Fault unless the dispatcher is what it was before."""
        if self.faults:
            raise Fault("\n".join(self.faults))
        self._check()
        await eventually(self._has_closed_everything, "all connections are closed")
        await is_as_before(self.pod)
        self._say()

    def _write(self, number: int, case: Case) -> str:
        OUT.mkdir(parents=True, exist_ok=True)
        file = OUT / f"{self._seed}-{number}.bin"
        file.write_bytes(b"".join(case.parts))
        return f"bytes in {file}; again: python -m tests.fuzz --seed {self._seed} --case {number}"

    async def _keep(self, attack: Coroutine[Any, Any, None]) -> None:
        """Run it; its fault is kept, and ends nobody else."""
        try:
            await attack
        except Fault as fault:
            self.faults.append(str(fault))

    async def _innocent(self, number: int) -> None:
        await innocents.send_for_ever(self.pod.url, Random(f"{self._seed}:innocent:{number}"), self.innocents)  # noqa: S311

    async def _crowds(self) -> None:
        random = Random(f"{self._seed}:crowd")  # noqa: S311 - as in generate
        while time.monotonic() + crowd.EVERY_SECONDS < self._ends:
            answered, refused = await crowd.gather_and_leave(self.pod.port, random)
            self.codes["of crowds answered"] += answered
            self.codes["of crowds refused"] += refused
            await asyncio.sleep(crowd.EVERY_SECONDS)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_SECONDS)
            self._check()
            self._say()

    def _check(self) -> None:
        if not self._watch.is_running():
            raise Fault("the dispatcher has ended")
        if faults := self._watch.faults():
            raise Fault("the dispatcher has logged:\n" + "\n".join(faults))
        if self._watch.peak() > MOST_MEBIBYTES:
            raise Fault(f"{self._watch.peak()} MiB; at most {MOST_MEBIBYTES} are expected")

    async def _has_closed_everything(self) -> bool:
        return self._watch.files() <= self._watch.files_at_start

    def _say(self) -> None:
        took = time.monotonic() - self._began
        codes = " ".join(f"{code}={count}" for code, count in self.codes.most_common())
        print(
            f"{took:4.0f} s: {self.cases} cases ({self.cases / took:.0f}/s); innocents {dict(self.innocents)}; "
            f"MiB {self._watch.start} at start, {self._watch.peak()} at most, {self._watch.memory()} now; "
            f"{self._watch.files()} files\n        {codes}",
            flush=True,
        )


async def fuzz(*, seed: int, seconds: float) -> None:
    """A run of that length. Raises Fault, or a group of them."""
    print(f"seed {seed}, {seconds:.0f} s", flush=True)
    async with running_pod() as pod:
        run = Run(pod, seed=seed, seconds=seconds)
        async with HealthProbe(pod) as probe:
            await run.everything()
        print(f"/livez: {probe.seen}", flush=True)
        await run.conclude()
        if probe.seen.failures or probe.seen.longest_own_ms > MOST_PROBE_MILLISECONDS:
            raise Fault(f"/livez: {probe.seen}")


async def play_again(*, seed: int, case: int) -> None:
    """One case alone."""
    async with running_pod() as pod:
        run = Run(pod, seed=seed, seconds=60)
        print(*generate(seed, case))
        await run.play_case(case)
        print(dict(run.codes))
        await run.conclude()
