"""kill -9 at each call of a reconcile, be it a read, a write, an Event or a push: the next process converges."""

from itertools import zip_longest

import pytest

from tests.chaos.conftest import OpenSite
from tests.chaos.kills import Point, points, sweep
from tests.chaos.undisturbed import PHASES, Undisturbed

SHARES = 8


@pytest.mark.parametrize("share", range(SHARES))
def test_a_process_killed_at_any_call_leaves_a_world_that_the_next_one_completes(
    share: int, open_site: OpenSite, undisturbed: Undisturbed
) -> None:
    kills = [points(undisturbed.calls[phase]) for phase in PHASES]
    stories: dict[str, dict[str, Point]] = {}
    for number, story in enumerate(zip_longest(*kills)):
        if number % SHARES == share:
            stories[f"story-{number}"] = {phase: point for phase, point in zip(PHASES, story, strict=True) if point}
    sweep(open_site(), undisturbed, stories)
