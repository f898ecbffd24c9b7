"""How long changes take, as the operator's metrics tell: each is counted as what it came to, restarts included."""

import json
import re
import time
from datetime import datetime

from tests.operator.world import World, destination, mapping
from tests.waiting import until

FAILING = "require('no-such-package')\nmodule.exports = async () => 1"


def changes(world: World) -> dict[str, int]:
    """How many changes have reached each stage, in the process that runs."""
    exposition = world.operator.ask("/metrics")[1]
    found = re.findall(r'^xkit_operator_change_seconds_count\{stage="(\w+)"\} (\S+)$', exposition, re.MULTILINE)
    return {stage: int(float(count)) for stage, count in found}


def seconds(world: World, stage: str) -> float:
    """The sum over all changes that have reached `stage`."""
    found = re.search(rf'change_seconds_sum\{{stage="{stage}"\}} (\S+)', world.operator.ask("/metrics")[1])
    return float(found[1]) if found else 0.0


def counts(world: World, **wanted: int) -> None:
    until(f"{wanted} are counted", lambda: changes(world) == wanted)


def restart(world: World) -> None:
    world.operator.kill()
    world.operator.wait()
    world.operator.start()


def test_a_rollout_is_timed_until_the_image_is_there_and_until_every_pod_is_ready(world: World) -> None:
    world.apply(destination(replicas=2))
    world.ready()
    counts(world, image=1, ready=1)
    assert 0 < seconds(world, "image") < seconds(world, "ready")
    world.apply(destination(replicas=2, upsert="module.exports = async () => 'new'"))
    world.ready()
    counts(world, image=2, ready=2)
    world.apply(destination(replicas=2, upsert="module.exports = async () => 'new'", limits={"concurrency": 3}))
    world.ready()
    counts(world, image=2, ready=3)  # the image is the one before
    world.apply(mapping())
    world.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
    assert changes(world) == {"image": 2, "ready": 3}  # a rollout, and no change of this spec


def test_a_change_that_fails_is_never_counted_as_ready_also_when_it_is_mended_without_another(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.apply(destination(upsert=FAILING))
    world.says("False", "FunctionLoadFailed")
    counts(world, image=2, ready=1, stalled=1)
    world.apply(destination(runtime="nodejs99"))
    world.says("False", "UnknownRuntime")
    counts(world, image=2, ready=1, stalled=2)
    world.apply(destination())
    world.ready()
    counts(world, image=3, ready=2, stalled=2)
    world.kubectl("create", "service", "clusterip", "taken", "--tcp=80:80")
    world.apply(destination("taken"))
    world.says("False", "Conflict", name="taken")
    world.kubectl("delete", "service", "taken")
    world.ready("taken")
    counts(world, image=4, ready=2, stalled=3)


def test_a_restart_over_an_unchanged_world_counts_nothing(world: World) -> None:
    world.apply(destination())
    world.ready()
    restart(world)
    world.apply(destination("other"))
    world.ready("other")
    counts(world, image=1, ready=1)


def test_a_change_made_while_no_operator_runs_counts_from_when_it_was_made(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.operator.kill()
    world.operator.wait()
    start = time.monotonic()
    world.apply(destination(limits={"concurrency": 3}))
    until("five seconds have passed", lambda: age(world) > 5)
    world.operator.start()
    world.ready()
    counts(world, ready=1)
    assert 4 < seconds(world, "ready") < time.monotonic() - start


def test_a_change_that_is_under_way_at_a_restart_is_counted_once_with_its_whole_time(world: World) -> None:
    world.apply(destination())
    world.ready()
    until("the last change is some time ago", lambda: age(world) > 4)
    start = time.monotonic()
    world.apply(destination(pod={"labels": {"release": "2"}, "nodeSelector": {"tests": world.namespace}}))
    world.says("False", "Unschedulable")
    restart(world)
    until("five seconds have passed", lambda: age(world) > 5)
    (node,) = world.kubectl("get", "nodes", "-o", "name").split()
    world.kubectl("label", node, f"tests={world.namespace}", "--overwrite")
    world.ready()
    counts(world, ready=1)
    assert 4 < seconds(world, "ready") < time.monotonic() - start


def age(world: World) -> float:
    """Seconds since the spec was last changed, both by the API server's clock."""
    clock = ("create", "configmap", "clock", "--dry-run=server", "-o", "jsonpath={.metadata.creationTimestamp}")
    fields = json.loads(world.kubectl("get", "destination", "crm", "-o", "json", "--show-managed-fields"))
    changed = max(one["time"] for one in fields["metadata"]["managedFields"] if "f:spec" in one["fieldsV1"])
    return (datetime.fromisoformat(world.kubectl(*clock)) - datetime.fromisoformat(changed)).total_seconds()
