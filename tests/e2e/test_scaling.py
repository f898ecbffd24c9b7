"""More and fewer Pods by the load on their CPUs: metrics-server measures it, the cluster's own autoscaler decides."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.peer import Peer
from tests.e2e.product import Crm, sample
from tests.shown_yaml import HOW_TO, manifests
from tests.waiting import until

# a fifth of a CPU is all that the functions of a Pod may use; one record after the other takes all of it
BUSY = "module.exports = async () => { const end = Date.now() + 40; while (Date.now() < end); }"
LIMITS = {"cpu": "200m", "timeout": "15s"}
AUTOSCALING = {
    "minReplicas": 1,
    "maxReplicas": 3,
    "targetCPUUtilizationPercentage": 20,
    "behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}},
}
# the metrics of a Pod come every 10 s, and the first of a new Pod after that again
PATIENCE = 240.0


@pytest.fixture
def sender(crm: Crm) -> Peer:
    image = crm.get("deployment", "crm-sink")["spec"]["template"]["spec"]["containers"][0]["image"]
    return Peer(crm.cluster, crm.namespace).start(str(image))


@contextlib.contextmanager
def load(crm: Crm, sender: Peer) -> Iterator[None]:
    """One record after the other."""
    with sender.stream(f"http://{crm.address()}/v1/records", sample("1-hubspot-upsert"), rate=1000):
        yield


def edit(crm: Crm, **spec: Any) -> None:
    crm.patch("destination", "crm-contacts", {"spec": spec})


def wanted(crm: Crm) -> int:
    return int(crm.get("deployment", "crm-contacts")["spec"]["replicas"])


def ready(crm: Crm) -> int:
    return int(crm.get("destination", "crm-contacts")["status"].get("readyReplicas", 0))


def test_an_autoscaler_follows_the_load_and_the_count_outlives_it(crm: Crm, sender: Peer) -> None:
    edit(crm, functions={"upsert": {"source": BUSY}}, limits=LIMITS, autoscaling=AUTOSCALING)
    crm.wait_ready()
    # a start takes more than its share, too, and some slow metrics tell of it late
    until("one Pod is enough", lambda: wanted(crm) == 1, seconds=PATIENCE)
    with load(crm, sender):
        until("three Pods serve", lambda: ready(crm) == 3, seconds=PATIENCE)
        edit(crm, autoscaling=None)
        crm.wait_ready()
        assert wanted(crm) == 3
        edit(crm, autoscaling=AUTOSCALING)
    assert wanted(crm) == 3
    until("one Pod is enough", lambda: wanted(crm) == 1, seconds=PATIENCE)
    until("one Pod serves", lambda: ready(crm) == 1)


def test_an_autoscaler_of_the_users_own_scales_the_destination(crm: Crm, sender: Peer) -> None:
    edit(crm, functions={"upsert": {"source": BUSY}}, limits=LIMITS)
    crm.wait_ready()
    crm.apply(manifests(HOW_TO / "scale.md")["crm-contacts-by-cpu"])
    with load(crm, sender):
        until("several Pods serve", lambda: ready(crm) > 1, seconds=PATIENCE)
    assert crm.get("destination", "crm-contacts")["spec"]["replicas"] > 1
    until("one Pod is enough", lambda: wanted(crm) == 1, seconds=PATIENCE)
    until("one Pod serves", lambda: ready(crm) == 1)


def test_a_paused_destination_is_not_scaled_until_it_goes_on(crm: Crm) -> None:
    edit(crm, paused=True)
    crm.wait_for("True", "Paused")
    crm.kubectl("scale", "destination", "crm-contacts", "--replicas=2")
    crm.wait_for("True", "Paused")
    assert wanted(crm) == 1
    edit(crm, paused=False)
    until("two Pods serve", lambda: ready(crm) == 2)
