"""What SourceMappings are told, and when: each says how it is within seconds, whatever its Destination waits for."""

import pytest

from tests.operator.world import World, destination, mapping
from tests.waiting import until

NOWHERE = {"nodeSelector": {"tests": "no-node-has-this"}}


def sources(world: World, name: str) -> str:
    return str(world.get("destination", name).get("status", {}).get("sources", ""))


def told(world: World, status: str, reason: str) -> None:
    world.says(status, reason, kind="sourcemapping", name="crm-hubspot")


def test_one_whose_destination_has_no_pods_for_long_is_told_to_wait(world: World) -> None:
    world.apply(destination(pod=NOWHERE), mapping())
    told(world, "False", "Pending")
    world.says("False", "Unschedulable")
    world.apply(destination())
    told(world, "True", "Ready")


def test_one_whose_destination_cannot_push_is_told_to_wait(world: World) -> None:
    world.registry.stalls = lambda method, _path: method != "GET"
    world.apply(destination(), mapping())
    told(world, "False", "Pending")
    world.registry.stalls = lambda _method, _path: False
    told(world, "True", "Ready")


@pytest.mark.parametrize(("paused", "reason"), [(True, "Paused"), (False, "Ready")])
def test_one_that_comes_later_is_told_at_once(world: World, *, paused: bool, reason: str) -> None:
    world.apply(destination())
    world.ready()
    world.apply(destination(paused=paused), mapping())
    told(world, "True", reason)


def test_one_that_moves_leaves_its_old_destination_and_is_served_by_the_new_one(world: World) -> None:
    world.apply(destination("old"), destination("new"), mapping(to="old"))
    until("the old one serves it", lambda: sources(world, "old") == "hubspot")
    told(world, "True", "Ready")
    world.apply(mapping(to="new"))
    until("the old one has let it go", lambda: sources(world, "old") == "")
    until("the new one serves it", lambda: sources(world, "new") == "hubspot")
    told(world, "True", "Ready")
    world.apply(mapping(to="nobody"))
    until("the new one has let it go", lambda: sources(world, "new") == "")
    told(world, "False", "DestinationNotFound")


def test_one_that_is_deleted_and_made_again_is_told_again(world: World) -> None:
    world.apply(destination(), mapping())
    told(world, "True", "Ready")
    world.kubectl("delete", "sourcemapping", "crm-hubspot")
    world.apply(mapping())
    told(world, "True", "Ready")


def test_a_process_that_takes_over_tidies_up_the_configurations_of_the_one_before(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.apply(destination(pod=NOWHERE), mapping())
    told(world, "False", "Pending")
    assert len(world.list("configmaps")) == 2
    world.operator.kill()
    world.operator.wait()
    world.operator.start()
    world.apply(destination())
    told(world, "True", "Ready")
    until("one is left", lambda: len(world.list("configmaps")) == 1)
