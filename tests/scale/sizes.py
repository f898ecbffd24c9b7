"""How much is measured of which number of Destinations, as results of a benchmark.

Each measurement has a fresh cluster; the operator and the script take turns. What costs minutes is done once, where
there is a bar for it.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from tests.bench.result import Result, number, ratio
from tests.scale.measuring import (
    Idle,
    Restarted,
    Taken,
    idle,
    operator_takes,
    restart,
    script_seconds,
    writes_seconds,
)
from tests.scale.operator import Measured
from tests.scale.site import site

IDLE_SECONDS = 300.0

FIRST_RECONCILE = "restart: first reconcile after, s"
IDLE_WRITES = "idle for five minutes: writes"
CHANGED = "idle for five minutes: objects changed"
PEAK = "peak RSS, MiB"


@dataclass(frozen=True, kw_only=True)
class Operated:
    """What was measured of one operator."""

    taken: Taken
    restarted: Restarted
    idled: Idle | None


def hundred(_: object) -> list[Result]:
    """`scale-100`, `scale-100-writes`: the script that also writes all else that the operator does, `scale-100-least`.

    The last: the script that also writes what any operator would have to, an image for each and one status for each
    object. Each of the four is the first of a round once: under load a machine may become slower in the course of
    minutes.
    """
    script: list[float] = []
    operated: list[Operated] = []
    writes: list[float] = []
    least: list[float] = []
    turns: deque[Callable[[], None]] = deque(
        (
            lambda: script.append(_script(100)),
            lambda: operated.append(_operator(100)),
            lambda: writes.append(_writes(100)),
            lambda: least.append(_writes(100, least=True)),
        )
    )
    for _ in range(len(turns)):
        for take in turns:
            take()
        turns.rotate(-1)
    return [
        _compared("scale-100", script, operated),
        ratio("scale-100-writes", "s", writes, script),
        ratio("scale-100-least", "s", least, script),
    ]


def thousand(_: object) -> list[Result]:
    """`scale-1000`, with five minutes in which nobody changes anything, and `scale-1000-least`."""
    script = [_script(1000)]
    operated = [_operator(1000, idle_seconds=IDLE_SECONDS)]
    least = [_writes(1000, least=True)]
    return [_compared("scale-1000", script, operated), ratio("scale-1000-least", "s", least, script)]


def five_thousand(_: object) -> list[Result]:
    """`scale-5000`, and `scale-5000-rss`: of the operator, with all Destinations ready and nothing left to do."""
    script, one = _script(5000), _operator(5000)
    rss = number("scale-5000-rss", "MiB", [one.taken.rss_mib])
    details = {
        PEAK: max(one.taken.peak_mib, one.restarted.peak_mib),
        "after a restart, MiB": one.restarted.rss_mib,
        "parsers beside it, for five minutes, MiB": one.taken.parsers_mib,
    }
    return [_compared("scale-5000", [script], [one]), replace(rss, details=details)]


def _script(count: int) -> float:
    _say(f"{count} Destinations: the script")
    with site(count) as where:
        seconds = asyncio.run(script_seconds(where, count))
    _say(f"{count} Destinations: the script took {seconds:.1f} s")
    return seconds


def _operator(count: int, *, idle_seconds: float = 0.0) -> Operated:
    _say(f"{count} Destinations: the operator")
    with site(count) as where:
        operator = Measured(where.environment, where.folder / "operator.log")
        operator.start()
        try:
            taken = asyncio.run(operator_takes(where, operator, count))
            _say(f"{count} Destinations: ready after {taken.ready_seconds:.1f} s; a restart")
            restarted = asyncio.run(restart(operator, count))
            idled = asyncio.run(idle(where, operator, seconds=idle_seconds)) if idle_seconds else None
        finally:
            with suppress(AssertionError):
                operator.terminate()
    return Operated(taken=taken, restarted=restarted, idled=idled)


def _writes(count: int, *, least: bool = False) -> float:
    besides = "images and one status for each object" if least else "images, statuses and Events"
    _say(f"{count} Destinations: the script with {besides}")
    with site(count) as where:
        return asyncio.run(writes_seconds(where, count, least=least))


def _compared(name: str, script: list[float], operated: list[Operated]) -> Result:
    result = ratio(name, "s", [one.taken.ready_seconds for one in operated], script)
    last = operated[-1]
    count = int(name.removeprefix("scale-"))
    requests = {f"API requests a Destination, {verb}": n / count for verb, n in last.taken.api_requests.items()}
    details: dict[str, float | str] = {
        "applied after, s": last.taken.applied_seconds,
        "quiet after, s": last.taken.quiet_seconds,
        "CPU of the operator, s": last.taken.cpu_seconds,
        "RSS, MiB": last.taken.rss_mib,
        PEAK: last.taken.peak_mib,
        **dict(sorted(requests.items())),
        "registry requests a Destination": last.taken.registry_requests / count,
        FIRST_RECONCILE: last.restarted.first_reconcile_seconds,
        "restart: quiet after, s": last.restarted.quiet_seconds,
        "restart: writes": last.restarted.writes,
    }
    if last.idled is not None:
        details |= {
            IDLE_WRITES: last.idled.writes,
            CHANGED: last.idled.changed_objects,
            "idle for five minutes: reconciles": last.idled.reconciles,
            "idle for five minutes: CPU, s": last.idled.cpu_seconds,
        }
    return replace(result, details=details)


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)
