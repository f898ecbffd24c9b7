"""What a runner has only if its Destination asks for it: autoscaler, disruption budget, network policy, and a pause."""

import pytest

from tests.operator.test_economy import settled
from tests.operator.world import World, destination, mapping
from tests.waiting import until

OPTIONAL = "horizontalpodautoscalers,poddisruptionbudgets,networkpolicies"
ALL = [
    "horizontalpodautoscaler.autoscaling/crm",
    "networkpolicy.networking.k8s.io/crm",
    "poddisruptionbudget.policy/crm",
]
EVERYTHING = {
    "autoscaling": {
        "minReplicas": 2,
        "maxReplicas": 3,
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}},
        "metrics": [
            {
                "type": "ContainerResource",
                "containerResource": {
                    "name": "memory",
                    "container": "function",
                    "target": {"type": "AverageValue", "averageValue": "0.5Gi"},
                },
            }
        ],
    },
    "network": {"ingress": [], "egress": [{"to": [{"podSelector": {}}], "ports": [{"port": 443}]}]},
    "pod": {
        "labels": {"team": "sync"},
        "resources": {"dispatcher": {"requests": {"cpu": 0.025, "memory": "98304Ki"}}},
    },
}


def count(world: World) -> int:
    """How many Pods the Deployment is to have; 0 while there is no Deployment."""
    return int(world.get("deployment", "crm").get("spec", {}).get("replicas", 0))


def test_they_come_and_go_with_the_spec_and_cost_nothing_while_it_stays(world: World) -> None:
    world.apply(destination())
    world.ready()
    assert world.list(OPTIONAL) == []
    world.apply(destination(**EVERYTHING))
    until("all are there", lambda: world.list(OPTIONAL) == ALL)
    until("the autoscaler has made it two", lambda: count(world) == 2)
    world.ready()
    until("both are told of", lambda: world.get("destination", "crm")["status"]["readyReplicas"] == 2)
    settled(world)
    passed = len(world.api.passed)
    world.kubectl("annotate", "destination", "crm", "look=again")
    settled(world)
    assert world.api.written(passed) == []
    world.apply(destination())
    until("all are gone", lambda: world.list(OPTIONAL) == [])


def test_what_others_do_to_them_is_mended_and_a_restart_still_knows_them(world: World) -> None:
    world.apply(destination(**EVERYTHING))
    until("all are there", lambda: world.list(OPTIONAL) == ALL)
    world.kubectl("delete", "networkpolicy", "crm")
    world.patch("horizontalpodautoscaler", "crm", {"spec": {"maxReplicas": 9}})
    until("all are there", lambda: world.list(OPTIONAL) == ALL)
    until("the bound is back", lambda: world.get("horizontalpodautoscaler", "crm")["spec"]["maxReplicas"] == 3)
    world.operator.kill()
    world.operator.wait()
    world.apply(destination())
    world.operator.start()
    until("all are gone", lambda: world.list(OPTIONAL) == [])


def delete_first(world: World, kind: str, path: str) -> None:
    """Be a moment faster than a request to delete such an object."""
    if f"/{kind}s/" in path:
        world.kubectl("delete", kind, path.rpartition("/")[2])


@pytest.mark.parametrize("child", ["horizontalpodautoscaler", "configmap"])
def test_what_somebody_else_deletes_first_is_as_good_as_deleted(world: World, child: str) -> None:
    world.apply(destination(autoscaling={"minReplicas": 1, "maxReplicas": 1}))
    world.ready()
    world.api.before = lambda method, path: delete_first(world, child, path) if method == "DELETE" else None
    world.apply(destination(limits={"concurrency": 9}))
    until("it is gone", lambda: len(world.list(f"{child}s")) == (child == "configmap"))
    world.ready()
    assert "ApiNotFound" not in world.operator.log.read_text()


def test_the_number_of_pods_stays_when_the_autoscaler_goes_until_another_is_wanted(world: World) -> None:
    world.apply(destination(autoscaling={"minReplicas": 2, "maxReplicas": 3}))
    until("the autoscaler has made it two", lambda: count(world) == 2)
    world.ready()
    world.kubectl("patch", "destination", "crm", "--type=json", "-p", '[{"op": "remove", "path": "/spec/autoscaling"}]')
    until("the autoscaler is gone", lambda: world.list("horizontalpodautoscalers") == [])
    settled(world)
    assert count(world) == 2
    world.kubectl("scale", "destination/crm", "--replicas=3")
    until("the spec has the say", lambda: count(world) == 3)
    world.kubectl("scale", "destination/crm", "--replicas=1")
    until("the spec has the say", lambda: count(world) == 1)


def test_an_autoscaler_gets_what_was_scaled_to_zero(world: World) -> None:
    world.apply(destination(replicas=0))
    world.says("True", "ScaledToZero")
    world.apply(destination(replicas=0, autoscaling={"minReplicas": 1, "maxReplicas": 3}))
    world.ready()
    assert count(world) == 1


def test_while_paused_nothing_changes_and_records_are_served(world: World) -> None:
    record = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": "7"}}
    world.apply(destination(), mapping())
    world.ready()
    world.answers(record, "7")
    world.apply(destination(upsert="module.exports = async () => 'new'", paused=True, replicas=2))
    world.says("True", "Paused")
    settled(world)
    assert world.send(record)["result"] == "7"
    assert count(world) == 1
    world.patch("destination", "crm", {"spec": {"paused": False}})
    world.answers(record, "new")
    assert count(world) == 2
