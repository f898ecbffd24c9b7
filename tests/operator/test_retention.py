"""Old images of a Destination: what goes, what stays, and that nothing else is ever the worse for it."""

import json

from tests.operator.cleaning import (
    StartCleaning,
    cleaning,
    deploy,
    events,
    finalizers,
    gone,
    history,
    pullable,
    start_cleaning,
    version,
)
from tests.operator.test_economy import settled
from tests.operator.world import World, destination, mapping
from tests.waiting import PATIENCE, until

__all__ = ["cleaning", "start_cleaning"]


def named_by_replica_sets(world: World) -> set[str]:
    listed = json.loads(world.kubectl("get", "replicasets", "-l", "xkit.dev/destination=crm", "-o", "json"))["items"]
    containers = [container for one in listed for container in one["spec"]["template"]["spec"]["containers"]]
    return {one["image"].rpartition("@")[2] for one in containers if one["name"] == "function"}


def test_images_go_once_neither_the_history_nor_a_replica_set_names_them(cleaning: World) -> None:
    digests = [deploy(cleaning, version(number)) for number in range(4)]
    gone(cleaning, *digests[:2])
    until("they are forgotten", lambda: history(cleaning) == digests[:1:-1])
    assert named_by_replica_sets(cleaning) == set(digests[2:])
    assert all(pullable(cleaning, digest) for digest in digests[2:])
    until("it is told", lambda: digests[0] in str(events(cleaning, "ImagesDeleted")))
    cleaning.ready()


def test_what_can_be_rolled_back_to_can_be_pulled(cleaning: World) -> None:
    digests = [deploy(cleaning, version(number)) for number in range(3)]
    gone(cleaning, digests[0])
    cleaning.operator.terminate()
    cleaning.kubectl("rollout", "undo", "deployment/crm")
    cleaning.kubectl("rollout", "status", "deployment/crm", f"--timeout={PATIENCE}s")
    assert digests[1] in cleaning.kubectl("get", "deployment", "crm", "-o", "yaml")
    assert pullable(cleaning, digests[1])


def test_with_a_limit_of_0_the_current_image_alone_stays(cleaning: World) -> None:
    digests = [deploy(cleaning, version(number) | {}) for number in range(2)]
    cleaning.patch("destination", "crm", {"spec": {"revisionHistoryLimit": 0}})
    gone(cleaning, digests[0])
    until("it is forgotten", lambda: history(cleaning) == digests[1:])
    assert pullable(cleaning, digests[1])


def test_scaled_to_zero_it_keeps_the_image_to_come_back_with(cleaning: World) -> None:
    digests = [deploy(cleaning, version(number)) for number in range(2)]
    cleaning.kubectl("scale", "destination/crm", "--replicas=0")
    cleaning.says("True", "ScaledToZero")
    cleaning.patch("destination", "crm", {"spec": {"revisionHistoryLimit": 0}})
    gone(cleaning, digests[0])
    cleaning.kubectl("scale", "destination/crm", "--replicas=1")
    cleaning.ready()
    assert pullable(cleaning, digests[1])


def test_a_deployment_that_somebody_deletes_costs_no_image(cleaning: World) -> None:
    first, second = deploy(cleaning, version(1)), deploy(cleaning, version(2))
    before = cleaning.get("deployment", "crm")["metadata"]["uid"]
    cleaning.kubectl("delete", "deployment", "crm")
    until("it is back", lambda: cleaning.get("deployment", "crm").get("metadata", {}).get("uid", before) != before)
    cleaning.ready()
    third = deploy(cleaning, version(3))
    gone(cleaning, first)
    assert pullable(cleaning, second)
    assert pullable(cleaning, third)


def test_while_a_version_does_not_come_up_everything_stays(cleaning: World) -> None:
    digests = [deploy(cleaning, version(number)) for number in range(2)]
    for number in (2, 3):
        broken = f"require('no-such-package-{number}')\nmodule.exports = async () => 1"
        cleaning.apply(destination(upsert=broken, revisionHistoryLimit=0))
        until("it is pushed", lambda n=number: len(history(cleaning)) == n + 1)
    cleaning.says("False", "FunctionLoadFailed")
    settled(cleaning)
    assert all(pullable(cleaning, digest) for digest in [*digests, *history(cleaning)])


def test_an_annotation_keeps_all_images(cleaning: World) -> None:
    digests = [deploy(cleaning, version(1))]
    cleaning.kubectl("annotate", "destination", "crm", "xkit.dev/keep-images=true")
    until("the finalizer is taken off", lambda: finalizers(cleaning) == [])
    digests += [deploy(cleaning, version(number)) for number in (2, 3)]
    settled(cleaning)
    assert all(pullable(cleaning, digest) for digest in digests)
    cleaning.kubectl("annotate", "destination", "crm", "xkit.dev/keep-images-")
    gone(cleaning, digests[0])


def test_nothing_is_deleted_and_nothing_is_held_unless_it_is_turned_on(world: World) -> None:
    digests = [deploy(world, version(number)) for number in range(3)]
    settled(world)
    assert finalizers(world) == []
    assert world.registry.requests["DELETE"] == 0
    assert history(world) == digests[::-1]


def test_resyncs_and_restarts_write_nothing_and_ask_the_registry_once_each_time(cleaning: World) -> None:
    cleaning.apply(mapping())
    digests = [deploy(cleaning, version(number)) for number in range(3)]
    gone(cleaning, digests[0])
    settled(cleaning)
    writes, uploads = cleaning.api.writes, cleaning.registry.writes
    lists = cleaning.registry.requests["GET"]
    cleaning.operator.terminate()
    cleaning.operator.start()
    until("two resyncs have read everything", lambda: cleaning.looks >= 4)
    assert cleaning.api.writes == writes
    assert (cleaning.registry.writes, cleaning.registry.requests["GET"]) == (uploads, lists)


def test_a_registry_that_deletes_nothing_leaves_the_destination_ready_and_is_asked_once(cleaning: World) -> None:
    cleaning.registry.refuse = lambda method, _: 405 if method == "DELETE" else None
    for number in range(3):
        deploy(cleaning, version(number))
    until("it is said", lambda: events(cleaning, "ImagesNotDeleted"))
    (event,) = events(cleaning, "ImagesNotDeleted")
    assert (event["type"], event["regarding"]["name"]) == ("Warning", "crm")
    assert "405" in event["note"]
    looks = cleaning.looks
    until("two resyncs have looked at it", lambda: cleaning.looks >= looks + 2)
    assert cleaning.registry.requests["DELETE"] == 1
    assert len(events(cleaning, "ImagesNotDeleted")) == 1
    cleaning.ready()


def test_a_process_killed_between_the_deletion_and_the_status_is_followed_by_one_that_ends_it(
    start_cleaning: StartCleaning,
) -> None:
    world = start_cleaning()
    killed: list[str] = []

    def strike(method: str, path: str) -> None:
        if method == "DELETE" and not killed:
            killed.append(path)
            world.operator.kill()

    world.registry.after = strike
    first, second = deploy(world, version(1)), deploy(world, version(2))
    world.patch("destination", "crm", {"spec": {"revisionHistoryLimit": 0}})
    until("it is killed", lambda: killed)
    world.operator.wait()
    assert first in history(world)
    world.operator.start()
    until("it is forgotten", lambda: history(world) == [second])
    assert pullable(world, second)
