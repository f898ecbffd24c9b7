import asyncio

import pytest

from xkit_operator.reconcile.provisioning.sightings import Sightings

pytestmark = pytest.mark.looptime


async def test_what_was_seen_is_trusted_for_a_while() -> None:
    sightings = Sightings(60)
    assert not sightings.lately("a")
    sightings.remember("a")
    assert sightings.lately("a")
    await asyncio.sleep(61)
    assert not sightings.lately("a")


async def test_a_doubt_overrules_it_until_somebody_looks_into_it() -> None:
    sightings = Sightings(60)
    sightings.remember("a")
    assert sightings.doubt("a")
    assert not sightings.lately("a")
    assert sightings.settle("a")
    assert not sightings.settle("a")
    assert sightings.lately("a")


async def test_a_pod_that_goes_on_complaining_is_heard_once_a_minute() -> None:
    sightings = Sightings(60)
    heard = 0
    for _ in range(300):
        heard += sightings.doubt("a")
        await asyncio.sleep(1)
    assert heard == 5
