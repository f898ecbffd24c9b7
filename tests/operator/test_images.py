"""Function images: looked for once, pushed without holding anybody up, brought back when the registry loses them."""

import math
from collections.abc import Callable

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.process import QUICKLY
from tests.operator.stored import Stored
from tests.operator.test_economy import settled
from tests.operator.world import World, destination
from tests.waiting import until

NAMES = ("a", "b", "c")
LAYER = 10_000  # bytes: more than all that belongs to one Destination alone
SLOW = 150_000  # bytes a second: minutes for the whole runtime, which is more than a test waits for anything meanwhile


def source(name: str) -> str:
    return f"module.exports = async () => '{name}'"


def image(world: World, name: str = "crm") -> str:
    found: str = world.get("destination", name)["status"]["image"]
    return found


def built(world: World, name: str) -> str:
    """Status, reason and message of Built, in one text."""
    said = world.condition("destination", name, "Built")
    return f"{said.get('status')} {said.get('reason')} {said.get('message')}"


def events(world: World) -> list[str]:
    """What the operator said of Destinations, as REASON NOTE."""
    template = "jsonpath={range .items[*]}{.reason} {.note}{'\\n'}{end}"
    return world.kubectl("get", "events.v1.events.k8s.io", "-o", template).splitlines()


@pytest.fixture
def fresh(start_world: StartWorld, namespace: str) -> World:
    """A registry that has never seen a runtime, as far as this operator can tell; a resync every ten seconds."""
    return start_world(XKIT_REGISTRY_PREFIX=f"xkit-tests/{namespace}", XKIT_RESYNC_SECONDS="10")


def test_a_start_asks_once_for_each_image_and_sends_nothing(world: World) -> None:
    world.apply(*(destination(name, upsert=source(name)) for name in NAMES))
    for name in NAMES:
        world.ready(name)
    settled(world)
    world.operator.terminate()
    world.registry.passed.clear()
    world.operator.start()
    until("all were asked for", lambda: len(world.registry.passed) >= len(NAMES))
    settled(world)
    asked = sorted((one.method, one.path.rpartition("/manifests/")[2]) for one in world.registry.passed)
    assert asked == sorted(("HEAD", image(world, name).rpartition("@")[2]) for name in NAMES)


def test_a_runtime_over_a_slow_line_holds_up_only_those_that_need_it_and_says_how_far_it_is(fresh: World) -> None:
    fresh.apply(destination("old"))
    fresh.ready("old")
    runtime = Stored(f"{fresh.cluster.info['registry']}/{_runtime_repository(fresh)}@{_runtime_digest(fresh)}")
    runtime.lose_everything()
    fresh.registry.passed.clear()
    fresh.registry.bytes_per_second = SLOW
    fresh.apply(*(destination(name, upsert=source(name)) for name in NAMES))
    pending = "False Pending the runtime nodejs14 is being uploaded: "
    until("it is said how far it is", lambda: all(built(fresh, name).startswith(pending) for name in NAMES))
    assert built(fresh, "a").endswith("of 33 MB")
    fresh.patch("destination", "old", {"spec": {"limits": {"concurrency": 3}}})
    fresh.ready("old")
    assert built(fresh, "a").startswith(pending)  # still
    fresh.registry.bytes_per_second = math.inf
    for name in NAMES:
        fresh.ready(name)
    layers = [one for one in fresh.registry.passed if one.method == "PUT" and one.size > LAYER]
    assert len(layers) == len(runtime.manifest["layers"])
    assert {one.path.partition("/blobs/")[0] for one in layers} == {f"/v2/{_runtime_repository(fresh)}"}


def test_sigterm_does_not_wait_for_an_upload_and_the_next_process_makes_it(fresh: World) -> None:
    fresh.registry.bytes_per_second = SLOW
    fresh.apply(destination(replicas=0))
    until("it waits", lambda: "is being uploaded" in built(fresh, "crm"))
    assert fresh.operator.terminate() < QUICKLY
    fresh.registry.bytes_per_second = math.inf
    fresh.operator.start()
    fresh.says("True", "ScaledToZero")


def test_an_upload_of_the_runtime_that_fails_is_told_to_all_that_wait_and_made_again_by_one(fresh: World) -> None:
    fresh.registry.bytes_per_second = SLOW
    fresh.apply(*(destination(name, upsert=source(name)) for name in NAMES))
    until("they wait", lambda: all("is being uploaded" in built(fresh, name) for name in NAMES))
    fresh.registry.shut()
    until("all hear of it", lambda: all("RegistryUnreachable" in built(fresh, name) for name in NAMES))
    fresh.registry.bytes_per_second = math.inf
    fresh.registry.reopen()
    for name in NAMES:
        fresh.ready(name)
    layers = [one for one in fresh.registry.passed if one.method == "PUT" and one.size > LAYER]
    assert len(layers) == 4


def test_a_push_that_hangs_holds_nobody_up(world: World) -> None:
    world.registry.stalls = lambda method, path: method == "POST" and path.endswith("/hung/blobs/uploads/")
    world.apply(destination("hung", upsert=source("hung")))
    until("it hangs", lambda: built(world, "hung") == "False Pending the image is being pushed")
    names = [f"d{number}" for number in range(8)]
    world.apply(*(destination(name, upsert=source(name), replicas=0) for name in names))
    for name in names:
        world.says("True", "ScaledToZero", name=name)
    # Given up after a minute and a half, it is tried again.
    until("it hangs", lambda: built(world, "hung") == "False Pending the image is being pushed")
    world.registry.stalls = lambda _method, _path: False
    world.ready("hung")


@pytest.mark.parametrize("lose", [Stored.lose_manifest, Stored.lose_everything], ids=["manifest", "repository"])
def test_an_image_that_the_registry_lost_is_back_with_the_next_resync(
    fresh: World, lose: Callable[[Stored], None]
) -> None:
    fresh.apply(destination())
    fresh.ready()
    stored = Stored(image(fresh))
    lose(stored)
    until("it is whole again", stored.whole)
    assert stored.has(stored.tag)
    until("it is told", lambda: [one for one in events(fresh) if one.startswith("Built the registry had lost")])
    assert fresh.get("deployment", "crm")["metadata"]["generation"] == 1


def test_a_tag_that_somebody_moved_changes_nothing_and_is_put_right_when_the_image_is_lost(fresh: World) -> None:
    fresh.apply(destination())
    fresh.ready()
    stored = Stored(image(fresh))
    other = stored.store({**stored.manifest, "annotations": {"moved": "away"}})
    fresh.registry.passed.clear()
    until("two resyncs have looked", lambda: len(fresh.registry.passed) >= 2)
    assert {(one.method, one.path.rpartition("/")[2]) for one in fresh.registry.passed} == {("HEAD", stored.digest)}
    stored.lose_manifest()
    until("it is there again", stored.whole)
    assert image(fresh).endswith(stored.digest)
    assert other != stored.digest


def test_a_lost_image_that_is_built_with_another_digest_now_is_rolled_out(fresh: World) -> None:
    fresh.apply(destination())
    fresh.ready()
    own = Stored(image(fresh))
    fresh.operator.terminate()
    # As another release, or another zlib, has stored and deployed it.
    digest = own.store({**own.manifest, "annotations": {**own.manifest["annotations"], "by": "another release"}})
    deployed = image(fresh).replace(own.digest, digest)
    fresh.kubectl("patch", "destination", "crm", "--subresource=status", "--type=merge", "-p", _status(deployed))
    fresh.operator.start()
    until("it is deployed", lambda: digest in str(fresh.get("deployment", "crm")["spec"]))
    fresh.ready()
    Stored(deployed).lose_manifest()
    until("its successor is deployed", lambda: own.digest in str(fresh.get("deployment", "crm")["spec"]))
    fresh.ready()
    assert [one for one in events(fresh) if "had lost" in one and one.endswith(f"as {own.digest}")]


def _status(image: str) -> str:
    return f'{{"status": {{"image": "{image}"}}}}'


def _runtime_repository(world: World) -> str:
    return f"xkit-tests/{world.namespace}/runtime-nodejs14"


def _runtime_digest(world: World) -> str:
    base: str = Stored(image(world, "old")).manifest["annotations"]["org.opencontainers.image.base.digest"]
    return base
