"""Fifty Destinations applied at once: every image is there, the runtime was uploaded once, and the cost is printed."""

import json
import time
from collections import Counter

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.world import World, destination
from tests.waiting import until

COUNT = 50
SERVING = 10
"""How many have a Pod: to start 50 Pods takes two cores minutes, which say nothing of images."""
LAYER = 10_000  # bytes: more than all that belongs to one Destination alone


def readiness(world: World) -> Counter[str]:
    """Reasons of Ready, and how many are Built."""
    listed = json.loads(world.kubectl("get", "destinations", "-o", "json"))["items"]
    said = [{one["type"]: one for one in obj.get("status", {}).get("conditions", ())} for obj in listed]
    counts = Counter(conditions["Ready"]["reason"] for conditions in said if "Ready" in conditions)
    counts["Built"] = sum(conditions.get("Built", {}).get("status") == "True" for conditions in said)
    return counts


def test_fifty_at_once(start_world: StartWorld, namespace: str, capsys: pytest.CaptureFixture[str]) -> None:
    world = start_world(XKIT_REGISTRY_PREFIX=f"xkit-tests/{namespace}")
    objects = [
        destination(f"d{number}", upsert=f"module.exports = async () => {number}", replicas=int(number < SERVING))
        for number in range(COUNT)
    ]
    start = time.monotonic()
    world.apply(*objects)
    applied = time.monotonic() - start
    until("all are built", lambda: readiness(world)["Built"] == COUNT, seconds=240)
    built = time.monotonic() - start
    until("all are ready", lambda: _settled(readiness(world)), seconds=240)
    ready = time.monotonic() - start
    passed = world.registry.passed
    uploads = [one for one in passed if one.method == "PUT" and one.size > LAYER]
    with capsys.disabled():
        print(
            f"\n{COUNT} Destinations, {SERVING} with a Pod: applied in {applied:.1f} s, built after {built:.1f} s, "
            f"ready after {ready:.1f} s; {len(passed)} registry requests, {sum(one.size for one in passed)} bytes, "
            f"of which {sum(one.size for one in uploads)} in {len(uploads)} layers of the runtime"
        )
    assert len({one.path.partition("digest=")[2] for one in uploads}) == len(uploads) == 4
    assert len(passed) <= COUNT * 16
    names = {one.path.split("/")[-3] for one in passed if one.method == "PUT" and "/manifests/src-" in one.path}
    assert len(names) == COUNT


def _settled(counts: Counter[str]) -> bool:
    return counts["Ready"] == SERVING and counts["ScaledToZero"] == COUNT - SERVING
