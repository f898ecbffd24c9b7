"""A deleted Destination takes its images along, and never waits for ever to do so."""

import json
import time
from datetime import UTC, datetime, timedelta

from kubernetes.aio import client

from tests.operator.cleaning import (
    CLEANING,
    FINALIZER,
    StartCleaning,
    cleaning,
    deploy,
    events,
    finalizers,
    history,
    pullable,
    start_cleaning,
    tags,
    version,
)
from tests.operator.test_economy import settled
from tests.operator.world import World, destination, mapping
from tests.waiting import PATIENCE, until
from xkit_operator.image.deletion import ImageDeleter
from xkit_operator.image.registry.client import Access, Registry
from xkit_operator.kube import copies
from xkit_operator.kube.client import Cluster
from xkit_operator.kube.events import EventRecorder
from xkit_operator.reconcile.cleanup.departure import GIVEN_UP_AFTER, Departure

__all__ = ["cleaning", "start_cleaning"]


def absent(world: World, name: str = "crm") -> bool:
    return world.get("destination", name) == {}


def test_all_its_images_go_with_it_and_those_of_others_stay(cleaning: World) -> None:
    digests = [deploy(cleaning, version(number)) for number in range(2)]
    other = deploy(cleaning, destination("erp", upsert="module.exports = async () => 'version 1'"))
    cleaning.apply(mapping())
    cleaning.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
    cleaning.kubectl("delete", "destination", "crm", f"--timeout={PATIENCE}s")
    assert [digest for digest in digests if pullable(cleaning, digest)] == []
    assert pullable(cleaning, other, "erp")
    cleaning.says("False", "DestinationNotFound", kind="sourcemapping", name="crm-hubspot")
    assert events(cleaning, "ImagesNotDeleted") == []
    deploy(cleaning, version(0))
    assert pullable(cleaning, digests[0])


def test_what_a_watch_tells_late_does_not_bring_it_back(cleaning: World) -> None:
    deploy(cleaning, version(0))
    settled(cleaning)
    cleaning.api.holds = lambda path: path.endswith("/destinations")
    cleaning.kubectl("annotate", "destination", "crm", "team=sales")
    cleaning.kubectl("delete", "destination", "crm", f"--timeout={PATIENCE}s")  # a resync finds it
    time.sleep(copies.SECONDS + 1)  # until nothing is kept of it
    written, uploads = len(cleaning.api.passed), cleaning.registry.writes
    cleaning.api.holds = lambda _: False
    time.sleep(10)  # each of the late words has come, and what comes of it
    assert cleaning.api.written(written) == []
    assert cleaning.registry.writes == uploads
    assert tags(cleaning) == []


def test_the_finalizer_is_there_before_the_first_image_and_survives_an_apply(cleaning: World) -> None:
    seen: list[list[str]] = []
    cleaning.registry.before = lambda *_: seen.append(finalizers(cleaning))
    deploy(cleaning, version(0))
    assert seen
    assert all(one == [FINALIZER] for one in seen)
    settled(cleaning)
    version_before = cleaning.get("destination", "crm")["metadata"]["resourceVersion"]
    cleaning.apply(version(0))
    settled(cleaning)
    after = cleaning.get("destination", "crm")["metadata"]
    assert (after["finalizers"], after["resourceVersion"]) == ([FINALIZER], version_before)


def test_an_image_that_is_being_pushed_goes_with_it(cleaning: World) -> None:
    held: list[str] = []
    cleaning.registry.stalls = lambda method, path: method == "PUT" and "/manifests/" in path and not held.append(path)
    cleaning.apply(version(0))
    until("its manifest is on the way", lambda: held)
    cleaning.kubectl("delete", "destination", "crm", "--wait=false")
    until("the operator has seen that", lambda: cleaning.list("deployments,pods") == [])
    cleaning.registry.stalls = lambda *_: False
    until("it is gone", lambda: absent(cleaning))
    assert tags(cleaning) == []


def test_an_image_that_was_pushed_when_the_operator_was_killed_goes_with_it(cleaning: World) -> None:
    pushed: list[str] = []

    def kill(method: str, path: str) -> None:
        if method == "PUT" and "/manifests/" in path:
            pushed.append(path)
            cleaning.operator.kill()

    cleaning.registry.after = kill
    cleaning.apply(version(0))
    until("it was pushed", lambda: pushed)
    cleaning.operator.wait()
    cleaning.registry.after = lambda *_: None
    cleaning.kubectl("delete", "destination", "crm", "--wait=false")
    cleaning.operator.start()
    until("it is gone", lambda: absent(cleaning))
    assert tags(cleaning) == []


def test_it_goes_also_when_the_operator_starts_while_the_other_kind_is_gone(cleaning: World) -> None:
    digest = deploy(cleaning, version(0))
    cleaning.operator.terminate()
    cleaning.kubectl("delete", "destination", "crm", "--wait=false")
    cleaning.api.refuse = lambda _, path: 404 if path.endswith("/sourcemappings") else None
    cleaning.operator.start(ready=False)
    until("it is gone", lambda: absent(cleaning))
    assert not pullable(cleaning, digest)
    assert cleaning.operator.ask("/readyz")[0] == 503
    cleaning.api.refuse = lambda *_: None
    until("the operator is ready", lambda: cleaning.operator.ask("/readyz")[0] == 200)


def test_other_finalizers_are_left_alone(cleaning: World) -> None:
    cleaning.apply(version(0) | {"metadata": {"name": "crm", "finalizers": ["example.com/theirs"]}})
    cleaning.ready()
    assert set(finalizers(cleaning)) == {"example.com/theirs", FINALIZER}
    digest = history(cleaning)[0]
    cleaning.kubectl("delete", "destination", "crm", "--wait=false")
    until("ours is taken off", lambda: finalizers(cleaning) == ["example.com/theirs"])
    assert not pullable(cleaning, digest)
    cleaning.patch("destination", "crm", {"metadata": {"finalizers": None}})
    until("it is gone", lambda: absent(cleaning))


def test_the_runner_ends_before_its_image(cleaning: World) -> None:
    deploy(cleaning, version(0))
    pods: list[str] = []

    def look(method: str, _path: str) -> None:
        if method == "DELETE":
            listed = json.loads(cleaning.kubectl("get", "pods", "-l", "xkit.dev/destination=crm", "-o", "json"))
            pods.extend(
                one["metadata"]["name"] for one in listed["items"] if "deletionTimestamp" not in one["metadata"]
            )

    cleaning.registry.before = look
    cleaning.kubectl("delete", "destination", "crm", f"--timeout={PATIENCE}s")
    assert cleaning.registry.requests["DELETE"] == 1
    assert pods == []


def test_an_orphaned_runner_keeps_its_image(cleaning: World) -> None:
    digest = deploy(cleaning, version(0))
    cleaning.kubectl("delete", "destination", "crm", "--cascade=orphan", f"--timeout={PATIENCE}s")
    assert pullable(cleaning, digest)
    assert "deletionTimestamp" not in cleaning.get("deployment", "crm")["metadata"]


def test_the_annotation_lets_it_go_at_once_whatever_the_registry_does(cleaning: World) -> None:
    digest = deploy(cleaning, version(0))
    cleaning.registry.shut()
    cleaning.kubectl("delete", "destination", "crm", "--wait=false")
    assert finalizers(cleaning) == [FINALIZER]
    cleaning.kubectl("annotate", "destination", "crm", "xkit.dev/keep-images=true")
    until("it is gone", lambda: absent(cleaning))
    assert pullable(cleaning, digest)


def test_it_waits_for_a_registry_that_is_down(cleaning: World) -> None:
    digest = deploy(cleaning, version(0))
    cleaning.registry.shut()
    cleaning.kubectl("delete", "destination", "crm", "--wait=false")
    until("the runner has ended", lambda: cleaning.list("pods,deployments") == [])
    assert finalizers(cleaning) == [FINALIZER]
    cleaning.registry.reopen()
    until("it is gone", lambda: absent(cleaning))
    assert not pullable(cleaning, digest)


async def test_it_does_not_wait_for_ever(cleaning: World) -> None:
    deploy(cleaning, version(0))
    cleaning.registry.shut()
    cleaning.kubectl("delete", "destination", "crm", "--wait=false")
    until("the runner has ended", lambda: cleaning.list("pods,deployments") == [])
    cleaning.operator.terminate()
    api = client.ApiClient(client.Configuration(host=f"http://{cleaning.api.host}"))
    cluster = Cluster(api, lambda *_: None)
    async with Registry(cleaning.registry.host, Access(plain_http=True)) as registry:
        deleter = ImageDeleter(registry, lambda **_: f"xkit-tests/{cleaning.namespace}/crm")
        recorder = EventRecorder(cluster, instance="tests", now=lambda: datetime.now(UTC))
        waits = []
        for seconds in (0, GIVEN_UP_AFTER + 60):
            later = datetime.now(UTC) + timedelta(seconds=seconds)
            departure = Departure(
                cluster, deleter, recorder, images_go=True, delivering=lambda _: False, now=lambda now=later: now
            )
            found = await cluster.get("Destination", namespace=cleaning.namespace, name="crm")
            waits.append(await departure.leave(found))
    await api.close()
    assert waits[0] is not None
    assert waits[1] is None
    assert absent(cleaning)
    assert "its images stay in the registry" in events(cleaning, "ImagesNotDeleted")[0]["note"]


def test_a_registry_that_deletes_nothing_holds_nothing_up(cleaning: World) -> None:
    digest = deploy(cleaning, version(0))
    cleaning.registry.refuse = lambda method, _: 405 if method == "DELETE" else None
    cleaning.kubectl("delete", "destination", "crm", f"--timeout={PATIENCE}s")
    assert pullable(cleaning, digest)
    assert "405" in events(cleaning, "ImagesNotDeleted")[0]["note"]


def test_a_namespace_goes_with_all_that_is_in_it(cleaning: World) -> None:
    digest = deploy(cleaning, version(0))
    cleaning.kubectl("delete", "namespace", cleaning.namespace, f"--timeout={PATIENCE}s")
    assert not pullable(cleaning, digest)


def test_an_operator_that_no_longer_cleans_up_takes_its_finalizers_off(start_cleaning: StartCleaning) -> None:
    world = start_cleaning()
    digest = deploy(world, version(0))
    deploy(world, destination("erp"))
    world.operator.terminate()
    world.kubectl("delete", "destination", "erp", "--wait=false")
    world.operator.environment |= dict.fromkeys(CLEANING, "false") | {"XKIT_RESYNC_SECONDS": "10"}
    world.operator.start()
    until("the one goes", lambda: absent(world, "erp"))
    until("the other is free", lambda: finalizers(world) == [])
    assert pullable(world, digest)
