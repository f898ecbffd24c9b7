"""Events: one for each thing that happened, a series for what happens again, with reasons of the closed set."""

import json
from typing import Any

from tests.operator.world import UPSERT, World, destination, mapping
from tests.waiting import until
from xkit_operator.reconcile.reporting.happenings import HAPPENINGS

ROUNDS = 4


def events(world: World) -> list[dict[str, Any]]:
    """Those about our kinds, the oldest first."""
    found: list[dict[str, Any]] = json.loads(world.kubectl("get", "events.events.k8s.io", "-o", "json"))["items"]
    ours = [one for one in found if one["regarding"]["apiVersion"].startswith("xkit.dev/")]
    return sorted(ours, key=lambda one: str(one["eventTime"]))


def said(event: dict[str, Any]) -> tuple[str, str, str]:
    return event["regarding"]["kind"], event["type"], event["reason"]


def test_what_happens_again_and_again_becomes_a_series_and_each_thing_is_told(world: World) -> None:
    source = {"sourceFrom": {"configMapKeyRef": {"name": "crm-functions", "key": "upsert"}}}
    world.apply(destination(functions={"upsert": source}), mapping(), mapping("lonely", to="nobody"))
    for _ in range(ROUNDS):
        world.says("False", "ConfigMapNotFound")
        labels = {"xkit.dev/reload": "true"}
        world.apply(
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "crm-functions", "labels": labels},
                "data": {"upsert": UPSERT},
            }
        )
        world.ready()
        world.kubectl("delete", "configmap", "crm-functions")
    world.says("False", "ConfigMapNotFound")
    until("the last is told", lambda: series(world, "ConfigMapNotFound") == ROUNDS + 1)
    assert series(world, "Ready") == ROUNDS
    told = events(world)
    assert {(one["type"], one["action"], one["reason"]) for one in told} <= {
        (one.type, one.action, one.reason) for one in HAPPENINGS
    }
    assert [said(one) for one in told].count(("Destination", "Warning", "ConfigMapNotFound")) == 1
    assert ("Destination", "Normal", "Built") in {said(one) for one in told}
    assert ("SourceMapping", "Normal", "Ready") in {said(one) for one in told}
    assert ("SourceMapping", "Warning", "DestinationNotFound") in {said(one) for one in told}
    assert all(one["reportingController"] == "xkit.dev/operator" for one in told)


def series(world: World, reason: str) -> int:
    """How often it was told of the Destination."""
    found = [one for one in events(world) if one["reason"] == reason and one["regarding"]["kind"] == "Destination"]
    return sum(one.get("series", {"count": 1})["count"] for one in found)
