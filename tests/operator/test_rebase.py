"""A new runtime below what is deployed: one Destination after the other, and nobody after one that does not come up."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.kills import killed_after_each_write
from tests.operator.process import ROOT
from tests.operator.runtimes import Releases
from tests.operator.world import World, destination, mapping
from tests.waiting import PATIENCE, until

NAMES = ("a", "b", "c")
RECORD = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": "7"}}
FRAGILE = "module.exports = async ({ inputs }) => inputs.id // fragile"
RATE = 20
MANY = 60


@pytest.fixture
def world(start_world: StartWorld) -> World:
    """One worker takes the Destinations in the order of their names: the first to be rebased is known."""
    return start_world(XKIT_WORKERS="1")


def upgrade(world: World, release: Path, **settings: str) -> None:
    """Replace the operator by that of a release with another runtime."""
    if world.operator.running:
        world.operator.terminate()
    world.operator.environment |= {"XKIT_RUNTIMES_DIR": str(release), **settings}
    world.operator.start()


def deployed(world: World, names: tuple[str, ...] = NAMES, **upsert: str) -> None:
    for name in names:
        source = {"upsert": upsert[name]} if name in upsert else {}
        world.apply(destination(name, **source), mapping(f"{name}-hubspot", to=name))
    for name in names:
        world.ready(name)
        world.says("True", "Ready", kind="sourcemapping", name=f"{name}-hubspot")


def statuses(world: World) -> dict[str, dict[str, Any]]:
    listed = json.loads(world.kubectl("get", "destinations", "-o", "json"))["items"]
    return {one["metadata"]["name"]: one.get("status", {}) for one in listed}


def said(status: dict[str, Any], kind: str) -> dict[str, Any]:
    return next((one for one in status.get("conditions", ()) if one["type"] == kind), {})


def one_at_a_time(world: World) -> dict[str, dict[str, Any]]:
    """The statuses, of which at most one tells of a rebase that is under way."""
    found = statuses(world)
    reasons = [said(status, "Built").get("reason") for status in found.values()]
    assert sum(reason in ("Rebasing", "RebaseFailed") for reason in reasons) <= 1
    return found


def until_built(world: World, reason: str, *names: str) -> None:
    """Wait until Built has this reason for all of them."""

    def so() -> bool:
        found = one_at_a_time(world)
        return all(said(found[name], "Built").get("reason") == reason for name in names)

    until(f"Built says {reason} of {', '.join(names)}", so, seconds=2 * PATIENCE)


def until_on(world: World, runtime: str, *names: str) -> None:
    """Wait until all of them are Ready on that runtime."""
    seen: dict[str, Any] = {}

    def so() -> bool:
        nonlocal seen
        seen = one_at_a_time(world)
        return all(is_on(seen[name], runtime) for name in names)

    try:
        until(f"{', '.join(names)} on {runtime}", so, seconds=2 * PATIENCE)
    except AssertionError as error:
        raise AssertionError(f"{error}: {seen}\n{world.operator.log.read_text()[-3000:]}") from None


def is_on(status: dict[str, Any], runtime: str) -> bool:
    built, ready = said(status, "Built"), said(status, "Ready")
    return (status.get("runtime"), built.get("reason"), ready.get("status")) == (runtime, "Built", "True")


def functions_layer(world: World, name: str) -> dict[str, Any]:
    image = world.get("destination", name)["status"]["image"]
    with ask_registry(world, image, "GET") as answer:
        return dict(json.loads(answer.read())["layers"][-1])


def ask_registry(world: World, image: str, method: str) -> Any:
    """The answer about a manifest, to be closed."""
    repository, _, digest = image.partition("/")[2].partition("@")
    connection = HTTPConnection(world.cluster.info["registry"], timeout=10)
    accept = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
    connection.request(method, f"/v2/{repository}/manifests/{digest}", headers=accept | {"Connection": "close"})
    return connection.getresponse()


def events(world: World, reason: str) -> list[str]:
    found = json.loads(world.kubectl("get", "events.events.k8s.io", "-o", "json"))["items"]
    return sorted(one["regarding"]["name"] for one in found if one["reason"] == reason)


@contextmanager
def traffic(world: World, *names: str) -> Iterator[None]:
    """Records for each of them all the while: every one must be delivered, without a broken connection."""
    inside = [sys.executable, "-m", "dev.cluster", "exec", "--name", world.cluster.name, "--", sys.executable]
    record = json.dumps({**RECORD, "record": {"id": "7"}})
    senders = []
    for name in names:
        url = f"http://{world.get('service', name)['spec']['clusterIP']}/v1/records"
        command = [*inside, str(ROOT / "tests/e2e/sender.py"), "stream", url, str(RATE), record]
        senders.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    try:
        yield
    finally:
        reports = [sender.communicate(timeout=PATIENCE)[0] for sender in senders]
    for report in map(json.loads, reports):
        assert report["lost"] == {}
        assert len(report["delivered"]) == report["sent"] > 0


def test_one_after_the_other_with_the_same_functions_layer_and_every_record_served(
    world: World, releases: Releases
) -> None:
    deployed(world)
    layers = {name: functions_layer(world, name) for name in NAMES}
    images = {name: status["image"] for name, status in statuses(world).items()}
    generations = {name: world.get("deployment", name)["metadata"]["generation"] for name in NAMES}
    with traffic(world, *NAMES):
        upgrade(world, releases.second)
        until_on(world, releases.reference(releases.second), *NAMES)
    assert {name: functions_layer(world, name) for name in NAMES} == layers
    assert all(status["image"] != images[name] for name, status in statuses(world).items())
    assert events(world, "Rebased") == sorted(NAMES)
    for name in NAMES:
        assert world.get("deployment", name)["metadata"]["generation"] == generations[name] + 1, "one rollout each"
        world.answers(RECORD, "7", name)


def test_a_runtime_that_does_not_start_stops_at_the_first_and_the_next_release_heals_all(
    world: World, releases: Releases
) -> None:
    deployed(world)
    before = statuses(world)
    with traffic(world, *NAMES):
        upgrade(world, releases.broken)
        until_built(world, "RebaseFailed", "a")
        until_built(world, "RebaseStopped", "b", "c")
        assert "function ended with code 1" in world.says("False", "CrashLoop", name="a")
        assert world.condition("destination", "a", "Available")["status"] == "True"
        for name in ("b", "c"):
            status = statuses(world)[name]
            assert said(status, "Ready")["status"] == "True"
            assert not {"Stalled", "Reconciling"} & {one["type"] for one in status["conditions"]}
            assert f"{world.namespace}/a" in said(status, "Built")["message"]
            assert status["runtime"] == before[name]["runtime"] == releases.reference(releases.first)
            assert status["image"] == before[name]["image"]
        assert events(world, "RebaseFailed") == ["a"]
        world.operator.kill()
        world.operator.wait()
        world.operator.start()
        until_built(world, "RebaseStopped", "b", "c")
        upgrade(world, releases.second)
        until_on(world, releases.reference(releases.second), *NAMES)


def test_the_release_before_heals_what_a_broken_one_began(world: World, releases: Releases) -> None:
    deployed(world, ("a", "b"))
    images = {name: status["image"] for name, status in statuses(world).items()}
    upgrade(world, releases.broken)
    until_built(world, "RebaseFailed", "a")
    upgrade(world, releases.first)
    until_on(world, releases.reference(releases.first), "a", "b")
    assert {name: status["image"] for name, status in statuses(world).items()} == images


def test_an_edited_function_is_not_held_up_and_a_mended_one_lets_the_rest_go_on(
    world: World, releases: Releases
) -> None:
    deployed(world, a=FRAGILE)
    new = releases.reference(releases.fragile)
    upgrade(world, releases.fragile)
    until_built(world, "RebaseFailed", "a")
    until_built(world, "RebaseStopped", "b", "c")
    world.apply(destination("c", upsert="module.exports = async () => 'edited'"))
    until_on(world, new, "c")
    world.answers(RECORD, "edited", "c")
    world.apply(destination("b", limits={"concurrency": 5}))
    world.ready("b")
    assert statuses(world)["b"]["runtime"] == releases.reference(releases.first)
    world.apply(destination("d"))
    until_on(world, new, "d")
    world.apply(destination("a", upsert="module.exports = async () => 'mended'"))
    until_on(world, new, "a", "b", "c", "d")


def test_a_deleted_one_lets_the_rest_go_on_and_one_without_pods_waits_for_nobody(
    world: World, releases: Releases
) -> None:
    deployed(world, a=FRAGILE)
    world.kubectl("scale", "destination/c", "--replicas=0")
    world.says("True", "ScaledToZero", name="c")
    upgrade(world, releases.fragile)
    until_built(world, "RebaseFailed", "a")
    until_built(world, "RebaseStopped", "b")
    new = releases.reference(releases.fragile)
    until("c is on the new runtime", lambda: statuses(world)["c"]["runtime"] == new)
    world.kubectl("delete", "destination", "a")
    until_on(world, new, "b")


def test_what_a_release_without_this_field_deployed_is_rebased_all_the_same(world: World, releases: Releases) -> None:
    deployed(world, a=FRAGILE)
    layer = functions_layer(world, "b")
    world.operator.terminate()
    for name in NAMES:
        world.kubectl(
            "patch", "destination", name, "--subresource=status", "--type=merge", "-p", '{"status": {"runtime": null}}'
        )
    upgrade(world, releases.fragile)
    until_built(world, "RebaseStopped", "b", "c")
    assert statuses(world)["b"]["runtime"] == releases.reference(releases.first)
    world.kubectl("delete", "destination", "a")
    until_on(world, releases.reference(releases.fragile), "b", "c")
    assert functions_layer(world, "b") == layer


def test_a_process_killed_after_each_of_its_writes_still_rebases_one_after_the_other(
    world: World, releases: Releases
) -> None:
    deployed(world)
    world.operator.terminate()
    world.operator.environment |= {"XKIT_RUNTIMES_DIR": str(releases.second)}
    new = releases.reference(releases.second)

    def done() -> bool:
        return all(is_on(status, new) for status in one_at_a_time(world).values())

    killed = killed_after_each_write(world, lambda: world.operator.start(ready=False), done, most=MANY)
    assert len(killed) > 6
    until_on(world, new, *NAMES)


def test_the_dispatcher_of_a_release_waits_with_the_runtime(world: World, releases: Releases) -> None:
    deployed(world, a=FRAGILE)

    def dispatcher(name: str) -> str:
        containers = world.get("deployment", name)["spec"]["template"]["spec"]["containers"]
        return str(next(one["image"] for one in containers if one["name"] == "dispatcher"))

    before = dispatcher("b")
    after = f"{before.partition('@')[0]}:tests"
    upgrade(world, releases.fragile, XKIT_DISPATCHER_IMAGE=after)
    until_built(world, "RebaseStopped", "b", "c")
    assert (dispatcher("a"), dispatcher("b"), dispatcher("c")) == (after, before, before)
    world.kubectl("delete", "destination", "a")
    until_on(world, releases.reference(releases.fragile), "b", "c")
    assert (dispatcher("b"), dispatcher("c")) == (after, after)


def test_a_registry_that_is_down_holds_up_the_rebase_and_nothing_else(world: World, releases: Releases) -> None:
    deployed(world, ("a", "b"))
    world.registry.shut()
    upgrade(world, releases.second)
    until_built(world, "RebaseWaiting", "a", "b")
    until("it says what for", lambda: world.registry.host in said(statuses(world)["a"], "Built")["message"])
    assert all(said(status, "Ready")["status"] == "True" for status in statuses(world).values())
    world.registry.reopen()
    until_on(world, releases.reference(releases.second), "a", "b")


def test_an_image_that_the_registry_has_lost_is_built_anew_at_once(world: World, releases: Releases) -> None:
    deployed(world, a=FRAGILE)
    upgrade(world, releases.fragile)
    until_built(world, "RebaseStopped", "b", "c")
    ask_registry(world, statuses(world)["b"]["image"], "DELETE").close()
    world.operator.terminate()
    world.operator.start()
    until_on(world, releases.reference(releases.fragile), "b")
    assert said(statuses(world)["c"], "Built")["reason"] == "RebaseStopped"
