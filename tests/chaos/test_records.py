"""Records run while Secrets and ConfigMaps are rotated, Pods evicted, and containerd is killed: none is lost.

Half of the sender's records come over kept connections and half over new ones; it tries again what is retryable.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.chaos.conftest import OpenSite
from tests.chaos.ledger import Row, enter
from tests.chaos.site import Site
from tests.e2e import test_traffic
from tests.e2e.product import Crm, sample
from tests.e2e.test_traffic import evict, pods, wait_for_pods
from tests.e2e.traffic import Traffic, calls_by_attempt, table, traffic
from tests.node import Node
from tests.operator.world import variable
from tests.waiting import until

RATE = 100
ROTATIONS = 3

# Instead of its version, the function tells a text of a Secret and one of a ConfigMap.
SOURCE = test_traffic.SOURCE.replace("'VERSION'", "`${variables.team} ${variables.region}`")


@pytest.fixture
def site(open_site: OpenSite) -> Site:
    return open_site()


@pytest.fixture
def crm(site: Site) -> Crm:
    """The example with two Pods, whose functions also tell a text of a Secret and one of a ConfigMap."""
    example = Crm(site.world.cluster, site.world.namespace)
    for kind, name in (("secret", "crm-team"), ("configmap", "crm-region")):
        rotate(example, kind, name, "first")
    example.install(site.operator.environment["XKIT_DISPATCHER_IMAGE"])
    variables = example.get("destination", "crm-contacts")["spec"]["variables"]
    variables.append(variable("team", "secretKeyRef", of="crm-team", key="value"))
    variables.append(variable("region", "configMapKeyRef", of="crm-region", key="value"))
    functions = {"upsert": {"source": SOURCE}}
    example.patch(
        "destination", "crm-contacts", {"spec": {"variables": variables, "functions": functions, "replicas": 2}}
    )
    example.wait_ready()
    wait_for_pods(example, 2, without=set())
    return example


def rotate(crm: Crm, kind: str, name: str, value: str) -> None:
    text = "stringData" if kind == "secret" else "data"
    kinds = {"secret": "Secret", "configmap": "ConfigMap"}
    crm.apply({"apiVersion": "v1", "kind": kinds[kind], "metadata": {"name": name}, text: {"value": value}})


@contextmanager
def under_load(fault: str, times: int, site: Site, crm: Crm) -> Iterator[Traffic]:
    """Records flow before, during and after what happens within; none of them is lost or run twice."""
    with traffic(crm, sample("1-hubspot-upsert"), rate=RATE) as load:
        until("records flow", crm.calls)
        with load.phase(fault):
            yield load
        over = time.monotonic()
        crm.wait_ready()
        seconds = time.monotonic() - over
        writes = site.idle_writes()
        journal = load.end(after=0)
    print(f"\n{table(journal, load.phases)}")
    orphans = len(crm.get("configmaps,pods", "-l", "xkit.dev/destination=crm-contacts")["items"]) - 3
    enter(Row(fault=f"{fault}, under load", times=times, seconds=seconds, writes=len(writes), orphans=orphans))
    assert journal.broken("lost") == {}
    assert journal.broken("refused") == {}
    assert journal.unanswered() == []
    assert journal.wrongly_run(calls_by_attempt(crm)) == {}
    assert (writes, orphans) == ([], 0)


def test_no_record_is_lost_while_a_secret_and_a_config_map_are_rotated(site: Site, crm: Crm) -> None:
    before = set(pods(crm))
    with under_load("Secret and ConfigMap rotated", 2 * ROTATIONS, site, crm):
        for number in range(ROTATIONS):
            rotate(crm, "secret", "crm-team", f"team{number}")
            rotate(crm, "configmap", "crm-region", f"region{number}")
            told = f"team{number} region{number}"
            until("functions see the new texts", lambda told=told: crm.calls()[-1]["team"] == told)
    assert set(pods(crm)) == before


def test_no_record_is_lost_while_one_pod_after_the_other_is_evicted(site: Site, crm: Crm) -> None:
    leaving = sorted(pods(crm))
    with under_load("Pod evicted", len(leaving), site, crm):
        for pod in leaving:
            evict(crm, pod)
            wait_for_pods(crm, 2, without={pod})


def test_no_record_is_lost_while_containerd_is_killed(site: Site, crm: Crm) -> None:
    node = Node(crm.cluster.name)
    with under_load("containerd killed", 3, site, crm):
        for number in range(3):
            node.kill("containerd")
            crm.patch("destination", "crm-contacts", {"spec": {"limits": {"concurrency": 10 + number}}})
            crm.wait_ready()
            wait_for_pods(crm, 2, without=set())
