"""An object of somebody else under a name that a runner needs: named, left alone, waited for until it is gone."""

from typing import Any

from tests.operator.world import World, destination
from tests.waiting import until

CHILDREN = (
    "serviceaccounts,services,configmaps,deployments,pods,horizontalpodautoscalers,poddisruptionbudgets,networkpolicies"
)
SELECTOR = {"matchLabels": {"app": "shop"}}
WANTED = destination(autoscaling={"minReplicas": 1, "maxReplicas": 2}, network={"ingress": []})


def foreign(api_version: str, kind: str, **content: Any) -> dict[str, Any]:
    metadata = {"name": "crm", "annotations": {"meta.helm.sh/release-name": f"shop-{kind.lower()}"}}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **content}


POD = {"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [{"name": "x", "image": "x"}]}}
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"}
FOREIGN = [
    foreign("v1", "ServiceAccount"),
    foreign("v1", "Service", spec={"ports": [{"port": 1}]}),
    foreign("v1", "ConfigMap", data={"shop": "open"}),
    foreign("apps/v1", "Deployment", spec={"replicas": 0, "selector": SELECTOR, "template": POD}),
    foreign("autoscaling/v2", "HorizontalPodAutoscaler", spec={"maxReplicas": 2, "scaleTargetRef": TARGET}),
    foreign("policy/v1", "PodDisruptionBudget", spec={"minAvailable": 1, "selector": SELECTOR}),
    foreign("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": SELECTOR}),
]


def spec(obj: dict[str, Any]) -> Any:
    """What must not change in it."""
    metadata = {key: obj["metadata"].get(key) for key in ("uid", "labels", "annotations", "ownerReferences")}
    return metadata, obj.get("spec"), obj.get("data")


def configuration_name(world: World) -> str:
    """The name of the ConfigMap, which is made of what stands in it."""
    world.apply(WANTED)
    world.ready()
    (name,) = world.list("configmaps")
    world.kubectl("delete", "destination", "crm")
    until("all children are gone", lambda: world.list(CHILDREN) == [])
    return name.removeprefix("configmap/")


def test_each_kind_is_named_with_its_owner_and_left_alone_until_it_goes(world: World) -> None:
    names = dict.fromkeys((one["kind"] for one in FOREIGN), "crm") | {"ConfigMap": configuration_name(world)}
    world.apply(*(one | {"metadata": one["metadata"] | {"name": names[one["kind"]]}} for one in FOREIGN))
    until("the Deployment has its revision", lambda: "revision" in str(world.get("deployment", "crm")["metadata"]))
    before = {kind: spec(world.get(kind, name)) for kind, name in names.items()}
    world.apply(WANTED)
    for kind, name in names.items():
        named = f"{kind} {world.namespace}/{name} exists"
        until(f"the {kind} is named", lambda named=named: named in world.says("False", "Conflict"))
        assert f"the Helm release shop-{kind.lower()}" in world.says("False", "Conflict")
        assert world.condition("destination", "crm", "Stalled")["reason"] == "Conflict"
        assert spec(world.get(kind, name)) == before[kind]
        world.kubectl("delete", kind, name)
        if kind != "NetworkPolicy":  # it heals by itself; nobody has to wait for that seven times
            world.kubectl("annotate", "destination", "crm", f"gone={kind}", "--overwrite")
    world.ready()


def test_a_deletion_in_the_middle_of_a_conflict_leaves_what_is_foreign_and_nothing_else(world: World) -> None:
    last = FOREIGN[-1]
    world.apply(last, WANTED)
    world.says("False", "Conflict")
    until("the rest is there", lambda: len(world.list(CHILDREN)) >= 6)
    world.kubectl("delete", "destination", "crm")
    until("all children are gone", lambda: world.list(CHILDREN) == [])
    assert world.get("networkpolicy", "crm")["spec"]["podSelector"] == SELECTOR
