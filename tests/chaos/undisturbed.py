"""How it goes when nothing goes wrong: the worlds that every other run is compared with, and the calls on the way."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.call import Call
from tests.chaos.site import Site
from tests.chaos.snapshot import CHILDREN, Snapshot
from tests.chaos.story import created, edited, mappings
from tests.waiting import until

PHASES = ("create", "edit", "delete")
_QUIET = 3.0


@dataclass(frozen=True)
class Undisturbed:
    """By phase: what there is after it, and what the operator asked of its two servers."""

    snapshots: dict[str, Snapshot]
    calls: dict[str, list[Call]]


def begin(site: Site, phase: str, name: str) -> None:
    """Do what the author does at the beginning of a phase, and no more."""
    match phase:
        case "create":
            site.world.apply(*created(name))
        case "edit":
            site.world.apply(*edited(name))
        case "delete":
            site.world.kubectl("delete", "destination", name, "--wait=false")


def live(site: Site, name: str) -> Undisturbed:
    """Take the Destination `name`, the only one there, through its life."""
    ends: dict[str, Callable[[], object]] = {
        "create": lambda: _serves(site, name),
        "edit": lambda: _serves(site, name),
        "delete": lambda: _gone(site, name),
    }
    snapshots, calls = {}, {}
    for phase in PHASES:
        start = time.monotonic()
        begin(site, phase, name)
        until(phase, ends[phase])
        until("nothing more is written", lambda: time.monotonic() - _last_write(site) > _QUIET)
        snapshots[phase] = site.snapshot(name)
        calls[phase] = _calls(site, name, start)
    return Undisturbed(snapshots, calls)


def _serves(site: Site, name: str) -> bool:
    """With one version alone: one Pod, and one configuration."""
    objects = [("destination", name), *(("sourcemapping", one) for one in mappings(name))]
    ready = all(site.world.condition(kind, one).get("status") == "True" for kind, one in objects)
    return ready and len(site.world.list("configmaps,pods")) == 2


def _gone(site: Site, name: str) -> bool:
    """With all that was made of it, and its SourceMappings know."""
    if site.world.get("destination", name) or site.world.list(",".join(CHILDREN)):
        return False
    said = [site.world.condition("sourcemapping", one).get("reason") for one in mappings(name)]
    return set(said) == {"DestinationNotFound"}


def _calls(site: Site, name: str, since: float) -> list[Call]:
    """In their order, up to the last write: what comes after it is the same look again and again."""
    both = sorted([*site.api.passed.calls, *site.registry.passed.calls], key=lambda one: one[0])
    calls = [call for when, call in both if when > since and call.concerns(name)]
    last = max(number for number, call in enumerate(calls) if call.write)
    return calls[: last + 1]


def _last_write(site: Site) -> float:
    both = [*site.api.passed.calls, *site.registry.passed.calls]
    return max(when for when, call in both if call.write)
