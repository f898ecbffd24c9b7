"""One trial: an author at work while faults strike, then calm, and whether all is as it should be after that."""

import re

import pytest

from tests.chaos.author import Author
from tests.chaos.ledger import Row, enter
from tests.chaos.site import Site
from tests.chaos.undisturbed import Undisturbed
from tests.chaos.weather import Weather

# Two minutes after its last change a SourceMapping is told, once, that its Destination will not come: that may be now.
_LAST_WORD = re.compile(r"PATCH .*/sourcemappings/story-c-\w+/status\?.*")


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
        idle = site.idle_writes()
        writes = [one for one in idle if idle.count(one) > 1 or not _LAST_WORD.fullmatch(one)]
        orphans = site.orphans(expected) + site.images("story-c")
        enter(Row(fault=fault, times=len(site.struck()), seconds=seconds, writes=len(writes), orphans=len(orphans)))
        site.settled(expected, seconds=10)
        assert site.struck(), "no fault has struck"
        assert (writes, orphans) == ([], []), f"{fault}: {writes}, {orphans}"
    except AssertionError as error:
        schedule = "\n".join(site.struck())
        pytest.fail(f"{error}\nmake test-chaos SEED={weather.seed} plays these faults again:\n{schedule}")
