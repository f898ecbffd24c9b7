"""What a busy author does to three Destinations, drawn by a seed, and how they are to be in the end."""

import time
from random import Random

from tests.chaos.site import Site
from tests.chaos.snapshot import Snapshot
from tests.chaos.story import created, edited, mappings
from tests.chaos.undisturbed import Undisturbed

_ACTS = 12
_LONGEST_PAUSE = 1.5
_CHILDREN = ("service", "deployment", "networkpolicy", "serviceaccount")


class Author:
    """Makes, edits and deletes at moments and in an order of the seed's, and breaks what belongs to the operator."""

    def __init__(self, seed: int, site: Site) -> None:
        self._dice = Random(f"{seed} author")  # noqa: S311 - a seed is to repeat it
        self._site = site

    def work(self) -> None:
        """A number of drawn acts, and then those after which all is as `expected` says."""
        world = self._site.world
        for _ in range(_ACTS):
            self._act()
            time.sleep(self._dice.uniform(0, _LONGEST_PAUSE))  # the pace of the author
        world.apply(*edited("story-a"), *created("story-b"), *edited("story-c"))
        world.kubectl("delete", "destination", "story-c", "--wait=false")

    @staticmethod
    def expected(undisturbed: Undisturbed) -> dict[str, Snapshot]:
        """What there is of each Destination in the end."""
        ends = {"story-a": "edit", "story-b": "create", "story-c": "delete"}
        return {name: undisturbed.snapshots[phase] for name, phase in ends.items()}

    def _act(self) -> None:
        world = self._site.world
        name = self._dice.choice(("story-a", "story-b", "story-c"))
        act, child, mapping = self._dice.random(), self._dice.choice(_CHILDREN), self._dice.choice(mappings(name))
        if act < 0.35:
            world.apply(*created(name))
        elif act < 0.7:
            world.apply(*edited(name))
        elif act < 0.85:
            world.kubectl("delete", child, name, "--wait=false", "--ignore-not-found")
        elif name == "story-c":  # the others are wanted: a Destination that goes swallows what is applied to it
            world.kubectl("delete", "destination", name, "--wait=false", "--ignore-not-found")
        else:
            world.kubectl("delete", "sourcemapping", mapping, "--wait=false", "--ignore-not-found")
