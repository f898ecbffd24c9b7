"""KEDA scales a Destination by the clock and by an answer of a service: the ScaledObjects of docs/how-to/scale.md."""

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.peer import PYTHON, pod
from tests.e2e.product import Crm, sample
from tests.ecosystem.keda import ZONE
from tests.shown_yaml import HOW_TO, manifests
from tests.waiting import until

SHOWN = manifests(HOW_TO / "scale.md")

pytestmark = [pytest.mark.usefixtures("keda"), pytest.mark.timeout(600)]


@contextlib.contextmanager
def scaled(crm: Crm, wanted: dict[str, Any]) -> Iterator[None]:
    """Have KEDA scale by `wanted`; deleted while KEDA runs, since it holds a finalizer."""
    crm.apply(wanted)
    try:
        until("KEDA accepts it", lambda: _ready(crm, wanted["metadata"]["name"]) == "True")
        yield
    finally:
        crm.kubectl("delete", "scaledobject", wanted["metadata"]["name"])


def _ready(crm: Crm, name: str) -> str:
    conditions = crm.get("scaledobject", name).get("status", {}).get("conditions", ())
    return next((str(one["status"]) for one in conditions if one["type"] == "Ready"), "")


@pytest.fixture
def waiting(crm: Crm) -> Iterator[Any]:
    """The service of a sync engine that tells how many records wait; a function that sets that."""
    crm.cluster.kubectl("create", "namespace", "sync")
    image = crm.get("deployment", "crm-sink")["spec"]["template"]["spec"]["containers"][0]["image"]
    serve = (
        "import http.server, os; os.chdir('/tmp'); http.server.test(http.server.SimpleHTTPRequestHandler, port=8080)"
    )
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "engine"},
        "spec": {"selector": {"app": "engine"}, "ports": [{"port": 8080}]},
    }
    engine = Crm(crm.cluster, "sync")
    engine.apply(service, pod("engine", str(image), serve))
    until("the engine runs", lambda: engine.get("pod", "engine")["status"].get("phase") == "Running")

    def tell(number: int) -> None:
        write = "import sys; open('/tmp/waiting', 'w').write(sys.argv[1])"
        engine.kubectl("exec", "engine", "--", PYTHON, "-c", write, json.dumps({"waiting": number}))

    tell(0)
    yield tell
    crm.cluster.kubectl("delete", "namespace", "sync", "--wait=false")


def wanted(crm: Crm) -> int:
    return int(crm.get("deployment", "crm-contacts")["spec"]["replicas"])


def ready(crm: Crm) -> int:
    return int(crm.get("destination", "crm-contacts")["status"].get("readyReplicas", 0))


def test_pods_by_the_clock(crm: Crm) -> None:
    by_hours = SHOWN["crm-contacts-by-hours"]
    cron = by_hours["spec"]["triggers"][0]["metadata"]
    minute = datetime.now(ZoneInfo(ZONE)).minute
    with scaled(crm, by_hours):
        # a window of every hour that began a quarter ago, and one that begins in a quarter
        now = {"start": f"{(minute - 15) % 60} * * * *", "end": f"{(minute + 15) % 60} * * * *"}
        later = {"start": now["end"], "end": f"{(minute + 30) % 60} * * * *"}
        crm.apply(with_cron(by_hours, cron | later))
        until("one Pod is enough", lambda: wanted(crm) == 1)
        crm.apply(with_cron(by_hours, cron | now))
        until("three Pods serve", lambda: ready(crm) == 3)
        assert crm.get("destination", "crm-contacts")["spec"]["replicas"] == 3
        crm.apply(with_cron(by_hours, cron | later))
        until("one Pod is enough", lambda: wanted(crm) == 1)


def with_cron(scaled_object: dict[str, Any], cron: dict[str, Any]) -> dict[str, Any]:
    spec = scaled_object["spec"] | {"triggers": [{"type": "cron", "metadata": cron}]}
    return scaled_object | {"spec": spec}


def test_from_no_pod_to_as_many_as_the_backlog_needs_and_back(crm: Crm, waiting: Any) -> None:
    with scaled(crm, SHOWN["crm-contacts-by-backlog"]):
        crm.wait_for("True", "ScaledToZero")
        assert wanted(crm) == 0
        waiting(250)
        until("three Pods serve", lambda: ready(crm) == 3)
        assert crm.send(sample("1-hubspot-upsert")).status == 200
        waiting(0)
        crm.wait_for("True", "ScaledToZero")
        assert wanted(crm) == 0
