"""Where the time of our images goes, and what crosses the wire to the registry: the details of a result."""

import statistics
from collections import Counter
from collections.abc import Awaitable, Sequence

from tests.bench.ours import Shipped
from tests.registry.wire import Wire

Details = dict[str, float | str]


def breakdown(shipped: Sequence[Shipped]) -> Details:
    """Medians of the steps, and of the calls to the registry by kind; calls that overlap are added all the same."""
    details: Details = {
        "ours: syntax check by Node, s": statistics.median(one.checked for one in shipped),
        "ours: packing, s": statistics.median(one.packed for one in shipped),
        "ours: push, s": statistics.median(one.pushed for one in shipped),
    }
    for kind, number in Counter(kind for kind, _ in shipped[0].calls).items():
        spent = [sum(seconds for name, seconds in one.calls if name == kind) for one in shipped]
        details[f"ours: push: {kind}, calls"] = number
        details[f"ours: push: {kind}, s"] = statistics.median(spent)
    return details


async def crossed(wire: Wire, who: str, doing: Awaitable[object]) -> Details:
    """Requests, and bytes of their bodies, while `doing` is done."""
    wire.requests.clear()
    await doing
    return {f"{who}: requests": len(wire.requests), f"{who}: bytes sent": wire.uploaded}
