"""Ready changes when something has changed for whoever asks, and not with each move of a Pod."""

import json
from pathlib import Path

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.runtimes import Releases
from tests.operator.statements import watched
from tests.operator.world import World, destination, mapping, variable
from tests.waiting import PATIENCE, until

RECORD = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": "7"}}
ONLY_UP = {"minReplicas": 1, "maxReplicas": 3, "behavior": {"scaleDown": {"selectPolicy": "Disabled"}}}
"""The autoscaler finds any second Pod idle, and would take it back within a moment or within 15 s."""
SLOW = "const end = Date.now() + 4000\nwhile (Date.now() < end);\nmodule.exports = async () => 1"


def ready_replicas(world: World) -> int:
    return int(world.get("deployment", "crm")["status"].get("readyReplicas", 0))


def restarts(world: World) -> int:
    """Of the container of the only Pod that has ended most often."""
    (pod,) = json.loads(world.kubectl("get", "pods", "-o", "json"))["items"]
    return max((one["restartCount"] for one in pod["status"].get("containerStatuses", ())), default=0)


def test_a_slow_start_and_a_rolling_update_are_one_change_each(world: World, tmp_path: Path) -> None:
    with watched(world, tmp_path) as said:
        world.apply(destination(upsert=SLOW))
        world.ready()
        world.apply(destination(upsert=f"{SLOW}0", replicas=2))
        world.ready()
        said.complete()
    assert said.ready == ["False", "True", "False", "True"]
    assert set(said.reasons) <= {"Pending", "RollingOut", "Ready"}
    assert set(said.abnormal) == {"Reconciling"}


def test_pods_that_an_autoscaler_adds_or_that_move_leave_it_ready(world: World, tmp_path: Path) -> None:
    world.apply(destination(autoscaling=ONLY_UP))
    world.ready()
    with watched(world, tmp_path) as said:
        world.kubectl("scale", "deployment/crm", "--replicas=3")  # as an autoscaler does
        until("three Pods are ready", lambda: ready_replicas(world) == 3)
        (first, *_) = world.kubectl("get", "pods", "-o", "name").split()
        world.kubectl("delete", first, "--grace-period=1")
        until("one is missing or back", lambda: first not in world.kubectl("get", "pods", "-o", "name"))
        until("three Pods are ready", lambda: ready_replicas(world) == 3)
        until("the count is told", lambda: world.get("destination", "crm")["status"]["readyReplicas"] == 3)
        said.complete()
    assert said.ready == ["True"]
    assert said.abnormal == []


def test_a_pod_that_cannot_come_up_is_told_of_while_another_serves(world: World) -> None:
    world.kubectl("create", "secret", "generic", "crm-api", "--from-literal=token=x")
    wanted = variable("apiKey", "secretKeyRef", of="crm-api", key="token")
    world.apply(destination(variables=[wanted], autoscaling=ONLY_UP))
    world.ready()
    world.kubectl("delete", "secret", "crm-api")
    world.kubectl("scale", "deployment/crm", "--replicas=2")  # as an autoscaler does
    world.says("False", "SecretNotFound")
    assert ready_replicas(world) == 1


def test_a_scaling_by_the_spec_is_waited_for_once(world: World, tmp_path: Path) -> None:
    world.apply(destination())
    world.ready()
    with watched(world, tmp_path) as said:
        world.kubectl("scale", "destination/crm", "--replicas=3")
        world.ready()
        assert ready_replicas(world) == 3
        said.complete()
    assert said.ready == ["True", "False", "True"]


@pytest.mark.parametrize("trouble", ["FunctionLoadFailed", "CrashLoop"])
def test_a_crash_loop_says_one_thing_however_often_it_is_tried(
    start_world: StartWorld, releases: Releases, tmp_path: Path, trouble: str
) -> None:
    broken = {"XKIT_RUNTIMES_DIR": str(releases.broken)} if trouble == "CrashLoop" else {}
    world = start_world(**broken)
    with watched(world, tmp_path) as said:
        world.apply(destination(upsert="throw new Error('at the top')"))
        world.says("False", trouble)
        until("it was tried again", lambda: restarts(world) >= 3)
        said.complete()
    assert said.ready == ["False"]
    assert said.reasons[-1] == trouble
    assert said.reasons.count(trouble) == 1
    assert said.abnormal == ["Reconciling", "Stalled"]
    events = json.loads(world.kubectl("get", "events.events.k8s.io", "-o", "json"))["items"]
    ours = [event for event in events if event["regarding"]["kind"] == "Destination"]
    assert len(ours) <= 4, [(event["reason"], event["note"]) for event in ours]
    assert [event["type"] for event in ours if event["reason"] == trouble] == ["Warning"]


def wait(world: World, *, seconds: int) -> bool:
    """What everybody types after an apply; whether it ended well."""
    command = ("wait", "--for=condition=Ready", "destination/crm", f"--timeout={seconds}s")
    done = world.cluster.kubectl("--namespace", world.namespace, *command, check=False)
    return bool(done.returncode == 0)


def staying(world: World) -> set[str]:
    """The function images of all Pods that are not on their way out."""
    pods = json.loads(world.kubectl("get", "pods", "-o", "json"))["items"]
    containers = [one["spec"]["containers"] for one in pods if "deletionTimestamp" not in one["metadata"]]
    return {container["image"] for one in containers for container in one if container["name"] == "function"}


def test_kubectl_wait_is_right_from_the_first_moment(world: World) -> None:
    world.operator.stop()
    world.apply(destination(), mapping())
    assert not wait(world, seconds=2)
    world.operator.go_on()
    assert wait(world, seconds=int(PATIENCE))
    assert ready_replicas(world) == 1
    world.operator.stop()
    world.apply(destination(upsert="module.exports = async () => 'second'"))
    assert not wait(world, seconds=2)
    world.operator.go_on()
    assert wait(world, seconds=int(PATIENCE))
    assert staying(world) == {world.get("destination", "crm")["status"]["image"]}
    world.answers(RECORD, "second")
    world.apply(destination(upsert="module.exports = async () => 'third'"))
    assert wait(world, seconds=int(PATIENCE))
    assert staying(world) == {world.get("destination", "crm")["status"]["image"]}
    world.answers(RECORD, "third")
