"""What a seed has in store: which faults strike which calls, the same ones in every run of that seed.

Decided by the seed, the name of a call and how many of that name came before it, so that it does not matter in which
order calls of different names arrive.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from random import Random

from tests.chaos.call import Call
from tests.chaos.fault import Fault, Strike

_SHARE = 0.08  # with many more no reconcile of some forty calls would ever come to its end
_SHARE_OF_WATCHES = 0.7
_RARE = {Fault.SILENT: 0.25, Fault.KILLED_BEFORE: 0.4, Fault.KILLED_AFTER: 0.4}
"""Each of these costs a client its timeout, or a process its life: most others would never have their turn."""


class Weather:
    """A plan. Once `clear` is called nothing strikes any more, but a watch that is disturbed stays so."""

    def __init__(self, seed: int, faults: Iterable[Fault]) -> None:
        self.seed = seed
        self._faults = list(faults)
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._clear = False

    def clear(self) -> None:
        self._clear = True

    def __call__(self, call: Call) -> Strike | None:
        with self._lock:
            self._counts[call.name] += 1
            count = self._counts[call.name]
        possible = [one for one in self._faults if _possible(one, call)]
        if self._clear or not possible:
            return None
        dice = Random(f"{self.seed} {call.name} {count}")  # noqa: S311 - a seed is to repeat it
        fault = dice.choice(possible)
        share = _SHARE_OF_WATCHES if call.watch else _SHARE * _RARE.get(fault, 1.0)
        return Strike(fault, after=dice.randrange(4)) if dice.random() < share else None


def _possible(fault: Fault, call: Call) -> bool:
    if fault is Fault.CONFLICT:
        return call.write and not call.address.startswith("/v2/")
    return fault.of_watches == call.watch
