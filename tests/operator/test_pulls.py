"""A Pod that cannot pull its function image: back at once when the registry lost it, and no request for nothing."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.process import ROOT
from tests.operator.stored import Stored
from tests.operator.world import World, destination, mapping
from tests.waiting import until

RECORD = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": "7"}}
Lose = Callable[[Stored], None]


def evict(world: World, image: str, stored: Stored) -> None:
    """Have the node forget `image`: under each of its names, and once no container keeps its layers any more."""
    world.patch("destination", "crm", {"spec": {"replicas": 0}})
    until("its Pod is gone", lambda: not pods(world))
    names = [image, stored.manifest["config"]["digest"]]
    inside = [sys.executable, "-m", "dev.cluster", "exec", "--name", world.cluster.name, "--"]
    remove = [*inside, "ctr", "--namespace", "k8s.io", "images", "rm", "--sync", *names]
    subprocess.run(remove, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def pods(world: World) -> str:
    return world.kubectl("get", "pods", "-l", "xkit.dev/destination=crm", "-o", "jsonpath={.items[*].status}")


@pytest.fixture
def volume(cluster) -> Iterator[Path]:
    """The registry's data, which every test on the cluster shares. What they need of it is there again afterwards."""
    data = Path(cluster.info["state"]) / "registry"
    kept = data.with_name("registry-kept")
    shutil.copytree(data, kept)
    yield data
    shutil.copytree(kept, data, dirs_exist_ok=True)
    shutil.rmtree(kept)


def test_a_pod_whose_image_is_lost_becomes_ready_without_anybodys_help(
    start_world: StartWorld, namespace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _lose_and_heal(start_world, namespace, Stored.lose_everything, capsys)


@pytest.mark.alone
def test_a_registry_that_lost_its_volume_is_filled_without_anybodys_help(
    start_world: StartWorld, namespace: str, volume: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _lose_and_heal(start_world, namespace, lambda _: shutil.rmtree(volume / "docker"), capsys)


def _lose_and_heal(start_world: StartWorld, namespace: str, lose: Lose, capsys: pytest.CaptureFixture[str]) -> None:
    world = start_world(XKIT_RESYNC_SECONDS="86400", XKIT_REGISTRY_PREFIX=f"xkit-tests/{namespace}")
    world.apply(destination(upsert=f"module.exports = async () => '{namespace}'"), mapping())
    world.ready()
    world.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
    image = world.get("destination", "crm")["status"]["image"]
    stored = Stored(image)
    evict(world, image, stored)
    lose(stored)
    start = time.monotonic()
    world.patch("destination", "crm", {"spec": {"replicas": 1}})
    until("the node cannot pull it", lambda: "ErrImagePull" in pods(world) or "ImagePullBackOff" in pods(world))
    until("it is whole again", stored.whole)
    healed = time.monotonic() - start
    world.ready()
    with capsys.disabled():
        print(f"\nin the registry after {healed:.1f} s, Ready after {time.monotonic() - start:.1f} s")
    world.answers(RECORD, namespace)
    notes = world.kubectl("get", "events.v1.events.k8s.io", "-o", "jsonpath={range .items[*]}{.reason} {.note}{'\\n'}")
    assert f"Built the registry had lost the image {stored.repository}@{stored.digest}" in notes


def test_a_pod_that_cannot_pull_for_another_reason_costs_few_requests(start_world: StartWorld) -> None:
    world = start_world(XKIT_REGISTRY_PULL="registry.invalid")
    world.apply(destination())
    world.says("False", "ImagePullFailed")
    parts = len(Stored(f"{world.cluster.info['registry']}/{_name(world)}").blobs) + 1
    until("the doubt was looked into", lambda: len(world.registry.passed) > parts)
    world.registry.passed.clear()
    writes = world.registry.writes
    looks = world.looks
    until("it was looked at five times more", lambda: world.looks >= looks + 5, seconds=180)
    assert len(world.registry.passed) <= 3 * parts
    assert world.registry.writes == writes


def _name(world: World) -> str:
    return str(world.get("destination", "crm")["status"]["image"].partition("/")[2])
