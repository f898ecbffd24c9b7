"""Each fault of the network and of the servers, and all of them at once: the world converges when they are over.

`SEED` chooses which calls they strike and what the author does meanwhile.
"""

import os

import pytest

from tests.chaos.conftest import OpenSite
from tests.chaos.fault import Fault
from tests.chaos.trial import endure
from tests.chaos.undisturbed import Undisturbed
from tests.chaos.weather import Weather

SEED = int(os.environ.get("SEED") or 1)
ALL = "all of these at once, and kill -9"
_OF_PROCESSES = {Fault.KILLED_BEFORE, Fault.KILLED_AFTER}


@pytest.mark.parametrize("fault", [one for one in Fault if one not in _OF_PROCESSES], ids=lambda one: one.name.lower())
def test_one_kind_of_fault(fault: Fault, open_site: OpenSite, undisturbed: Undisturbed) -> None:
    endure(fault.value, open_site(), undisturbed, Weather(SEED, [fault]))


def test_all_kinds_at_once_and_kills_between_them(open_site: OpenSite, undisturbed: Undisturbed) -> None:
    endure(ALL, open_site(), undisturbed, Weather(SEED, Fault))


@pytest.mark.parametrize("seed", [SEED + 1, SEED + 2])
def test_all_kinds_at_once_by_further_seeds(seed: int, open_site: OpenSite, undisturbed: Undisturbed) -> None:
    endure(ALL, open_site(), undisturbed, Weather(seed, Fault))
