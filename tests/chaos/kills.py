"""The sweep of kill -9: at which calls the operator is killed, and one Destination taken through a life with kills."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.call import Call
from tests.chaos.fault import Fault, Strike, calm
from tests.chaos.ledger import Row, enter
from tests.chaos.site import PATIENCE, Site
from tests.chaos.snapshot import Snapshot
from tests.chaos.story import mappings
from tests.chaos.undisturbed import PHASES, Undisturbed, begin
from tests.waiting import until


@dataclass(frozen=True)
class Point:
    """The call about a Destination, counted from 1 since the beginning of a phase, at which the operator is killed."""

    number: int
    fault: Fault


def points(calls: Sequence[Call]) -> Iterator[Point]:
    """Before each read that is not the repetition of an earlier one, and after each write.

    To the world the moment before a write is the same as that after the call before it.
    """
    seen: set[str] = set()
    for number, call in enumerate(calls, start=1):
        if call.write:
            yield Point(number, Fault.KILLED_AFTER)
        elif call.name not in seen:
            yield Point(number, Fault.KILLED_BEFORE)
        seen.add(call.name)


class Killing:
    """A plan: one kill, at a point among the calls about `name`."""

    def __init__(self, name: str, point: Point) -> None:
        self._name = name
        self._point = point
        self._seen = 0
        self._lock = threading.Lock()  # two proxies ask

    def __call__(self, call: Call) -> Strike | None:
        if not call.concerns(self._name):
            return None
        with self._lock:
            self._seen += 1
            return Strike(self._point.fault) if self._seen == self._point.number else None


def sweep(site: Site, undisturbed: Undisturbed, stories: dict[str, dict[str, Point]]) -> None:
    """Take each Destination, by name, through its phases, with a kill in those for which it has a point."""
    for phase in PHASES:
        expected = undisturbed.snapshots[phase]
        killed, longest = 0, 0.0
        for name, points_of in stories.items():
            killed += _live(site, phase, name, expected, points_of.get(phase))
            longest = max(longest, site.settled({name: expected}))
        if phase == "delete":
            _given_up(site, stories)
        writes = site.idle_writes()
        orphans = site.orphans(dict.fromkeys(stories, expected))
        if phase == "delete":
            orphans += [f"{name}:{tag}" for name in stories for tag in site.images(name)]
        fault = f"kill -9 at a call of the operator: {phase}"
        enter(Row(fault=fault, times=killed, seconds=longest, writes=len(writes), orphans=len(orphans)))
        site.settled(dict.fromkeys(stories, expected), seconds=10)
        assert (writes, orphans) == ([], []), f"{fault}: {writes}, {orphans}"


def _given_up(site: Site, names: Iterable[str]) -> None:
    """Wait until the SourceMappings say that their Destination will not come back, which is the last word on them."""
    for mapping in (mapping for name in names for mapping in mappings(name)):
        until(
            f"{mapping} is given up",
            lambda mapping=mapping: site.world.condition("sourcemapping", mapping, "Stalled").get("status") == "True",
            seconds=PATIENCE,
        )


def _live(site: Site, phase: str, name: str, expected: Snapshot, point: Point | None) -> bool:
    """One phase, until it is over or the operator has been killed and started again; whether it was killed."""
    if point is not None:
        site.plan(Killing(name, point))
    begin(site, phase, name)
    until(
        f"{phase} {name} is over, or cut at {point}",
        lambda: not site.operator.running or site.snapshot(name) == expected,
        seconds=PATIENCE,
    )
    site.plan(calm)
    if site.operator.running:
        return False
    site.operator.wait()
    site.operator.start(ready=False)
    return True
