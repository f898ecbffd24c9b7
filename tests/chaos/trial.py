"""One trial: an author at work while faults strike, then calm, and whether all is as it should be after that."""

import pytest

from tests.chaos.author import Author
from tests.chaos.ledger import Row, enter
from tests.chaos.site import Site
from tests.chaos.undisturbed import Undisturbed
from tests.chaos.weather import Weather


def endure(fault: str, site: Site, undisturbed: Undisturbed, weather: Weather) -> None:
    """Have `site` go through `weather`, and enter under `fault` what came of it."""
    author = Author(weather.seed, site)
    expected = author.expected(undisturbed)
    site.operator.kill()
    site.operator.wait()
    site.plan(weather)
    site.operator.start(ready=False)  # a watch lives for minutes: only one that begins in this weather can be struck
    try:
        with site.kept_alive():
            author.work()
            weather.clear()
            seconds = site.settled(expected)
        writes = site.idle_writes()
        orphans = site.orphans(expected) + site.images("story-c")
        enter(Row(fault=fault, times=len(site.struck()), seconds=seconds, writes=len(writes), orphans=len(orphans)))
        site.settled(expected, seconds=10)
        assert site.struck(), "no fault has struck"
        assert (writes, orphans) == ([], [])
    except AssertionError as error:
        schedule = "\n".join(site.struck())
        pytest.fail(f"{error}\nmake test-chaos SEED={weather.seed} plays these faults again:\n{schedule}")
