"""An unchanged world costs no write and no upload, however often it is looked at."""

import time
from collections import Counter

import pytest

from tests.operator.world import UPSERT, World, destination, mapping
from tests.waiting import until

pytestmark = pytest.mark.alone


def settled(world: World) -> None:
    """Wait until a resync period has passed without a write."""
    last = (world.api.writes, time.monotonic())

    def quiet() -> bool:
        nonlocal last
        if world.api.writes != last[0]:
            last = (world.api.writes, time.monotonic())
        return time.monotonic() - last[1] > 3

    until("the operator has nothing left to do", quiet)


def test_resyncs_and_restarts_write_nothing(start_world) -> None:
    world = start_world(XKIT_RESYNC_SECONDS="10")
    source = {"sourceFrom": {"configMapKeyRef": {"name": "crm-functions", "key": "upsert"}}}
    world.kubectl("create", "configmap", "crm-functions", f"--from-literal=upsert={UPSERT}")
    world.kubectl("label", "configmap", "crm-functions", "xkit.dev/reload=true")
    world.apply(destination(functions={"upsert": source}), mapping())
    world.ready()
    world.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
    settled(world)
    passed, uploads = len(world.api.passed), world.registry.writes
    world.operator.terminate()
    world.operator.start()
    until("two resyncs have read everything", lambda: world.looks >= 4)
    assert world.api.written(passed) == []
    assert world.registry.writes == uploads


def test_a_broken_world_that_stays_broken_writes_nothing_either(world: World) -> None:
    world.apply(destination(upsert="module.exports = async () => }"), destination("b", runtime="nodejs99"))
    world.says("False", "FunctionSyntaxError")
    world.says("False", "UnknownRuntime", name="b")
    settled(world)
    writes, looks = world.api.writes, world.looks
    for name in ("crm", "b"):
        world.kubectl("annotate", "destination", name, "look=again")
    until("both were looked at", lambda: world.looks >= looks + 2)
    settled(world)
    assert world.api.writes == writes


def test_a_mapping_without_a_destination_is_told_so_and_left_alone(world: World) -> None:
    world.apply(mapping())
    world.says("False", "DestinationNotFound", kind="sourcemapping", name="crm-hubspot")
    settled(world)  # with all its watches begun
    reads = world.api.requests["GET"]
    settled(world)
    assert world.api.requests["GET"] < reads + 20


def test_a_destination_and_its_mappings_that_come_together_roll_out_once(world: World) -> None:
    objects = [mapping(f"crm-{slug}", slug=slug) for slug in ("hubspot", "salesforce", "zoho")]
    world.registry.stalls = lambda *_: True  # what comes together is there before the first image
    world.apply(destination(), *objects)
    world.registry.stalls = lambda *_: False
    world.ready()
    for one in objects:
        world.says("True", "Ready", kind="sourcemapping", name=one["metadata"]["name"])
    settled(world)
    assert len(world.kubectl("get", "replicasets", "-o", "name").split()) == 1
    assert len(world.list("configmaps")) == 1


def test_an_echo_of_its_own_writes_does_not_make_the_operator_look_again(world: World) -> None:
    world.apply(destination(replicas=0), mapping())
    world.says("True", "ScaledToZero")
    settled(world)
    reads = Counter(one.path for one in world.api.passed if one.method == "GET" and "watch=true" not in one.path)
    for kind in ("api/v1/{}/services", "api/v1/{}/serviceaccounts", "apis/apps/v1/{}/deployments"):
        assert reads[f"/{kind.format(f'namespaces/{world.namespace}')}/crm"] == 1  # whether somebody else has one


def test_what_a_watch_has_just_told_is_not_read_again(world: World) -> None:
    world.apply(destination(), mapping())
    world.ready()
    world.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
    settled(world)
    looks = world.looks
    world.kubectl("annotate", "destination", "crm", "look=again")
    until("it was looked at", lambda: world.looks > looks)
    reads = [one.path for one in world.api.passed if one.method == "GET" and "watch=true" not in one.path]
    for name in ("/destinations/crm", "/sourcemappings/crm-hubspot"):
        assert not [path for path in reads if path.endswith(name)]
