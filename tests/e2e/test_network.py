"""Who may send to a runner, and where its functions may send to: policies that the cluster's network enforces."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.peer import Peer, pod
from tests.e2e.product import SYSTEM, Crm, sample
from tests.waiting import until

RECORD = sample("1-hubspot-upsert")

# says of each place whether it can be reached, and of a name whether DNS knows it
PROBE = """
const http = require('http')
const dns = require('dns').promises
const ask = (url) => new Promise((resolve) => {
  const request = http.get(url, { timeout: 1000 }, (answer) => { answer.resume(); resolve(answer.statusCode) })
  request.on('timeout', () => { resolve('timeout'); request.destroy() })
  request.on('error', (error) => resolve(error.code))
})
module.exports = async () => ({
  dns: await dns.lookup('crm-sink').then(({ address }) => address, (error) => error.code),
  sink: await ask('http://SINK/'),
  registry: await ask('http://REGISTRY/v2/'),
})
"""


@pytest.fixture
def image(crm: Crm) -> str:
    """One with Python: the dispatcher's."""
    found = crm.get("deployment", "crm-sink")["spec"]["template"]["spec"]["containers"][0]["image"]
    return str(found)


@pytest.fixture
def neighbour(crm: Crm, image: str) -> Peer:
    """A Pod of the Destination's own namespace."""
    return Peer(crm.cluster, crm.namespace).start(image)


@pytest.fixture
def stranger(crm: Crm, image: str) -> Iterator[Peer]:
    """A Pod of another namespace, which has the label team=sync."""
    namespace = f"other-{uuid.uuid4().hex[:8]}"
    crm.cluster.kubectl("create", "namespace", namespace)
    crm.cluster.kubectl("label", "namespace", namespace, "team=sync")
    account = ("--namespace", namespace, "get", "serviceaccount", "default")
    until("the namespace takes Pods", lambda: crm.cluster.kubectl(*account, check=False).returncode == 0)
    yield Peer(crm.cluster, namespace).start(image)
    crm.cluster.kubectl("delete", "namespace", namespace, "--wait=false")


def runner(crm: Crm) -> dict[str, Any]:
    """The one Pod that serves."""
    listed = crm.get("pods", "-l", "xkit.dev/destination=crm-contacts")["items"]
    (found,) = [one for one in listed if "deletionTimestamp" not in one["metadata"]]
    return dict(found)


def records(crm: Crm) -> str:
    return f"http://{crm.address()}/v1/records"


def metrics(crm: Crm) -> str:
    return f"http://{runner(crm)['status']['podIP']}:9090/metrics"


def network(crm: Crm, rules: dict[str, Any] | None) -> None:
    """Have these rules and no others; None: no policy."""
    wanted = None if rules is None else {"ingress": None, "egress": None} | rules
    crm.patch("destination", "crm-contacts", {"spec": {"network": wanted}})
    crm.wait_ready()


def test_without_network_any_pod_may_send(crm: Crm, stranger: Peer) -> None:
    assert stranger.ask(records(crm), RECORD) == "200"
    assert stranger.ask(metrics(crm)) == "200"


def test_by_default_a_network_lets_the_own_namespace_in_and_nobody_else(
    crm: Crm, neighbour: Peer, stranger: Peer
) -> None:
    network(crm, {})
    until("the stranger is kept out", lambda: stranger.ask(records(crm), RECORD) == "timeout")
    assert stranger.ask(metrics(crm)) == "timeout"
    assert neighbour.ask(records(crm), RECORD) == "200"
    assert neighbour.ask(metrics(crm)) == "200"
    network(crm, None)
    until("the stranger is let in", lambda: stranger.ask(records(crm), RECORD) == "200")


def test_a_pod_that_starts_behind_a_policy_gets_ready_and_is_behind_it_too(
    crm: Crm, neighbour: Peer, stranger: Peer
) -> None:
    network(crm, {"ingress": []})
    until("the neighbour is kept out", lambda: neighbour.ask(records(crm), RECORD) == "timeout")
    before = runner(crm)["metadata"]["name"]
    crm.kubectl("delete", "pod", before)
    until("the next Pod is ready", lambda: crm.get("deployment", "crm-contacts")["status"].get("readyReplicas") == 1)
    assert runner(crm)["metadata"]["name"] != before

    def answer(peer: Peer) -> str:
        """Once the Service leads to the next Pod."""
        return until(
            "a connection is not refused", lambda: said if (said := peer.ask(url, RECORD)) != "refused" else ""
        )

    url = records(crm)
    assert [answer(peer) for peer in (neighbour, stranger)] == ["timeout", "timeout"]


def test_an_edited_rule_takes_effect_on_the_running_pod_while_records_of_those_allowed_flow(
    crm: Crm, neighbour: Peer, stranger: Peer
) -> None:
    own = {"from": [{"podSelector": {"matchLabels": {"app": "peer"}}}], "ports": [{"port": 8080}]}
    sync = {"from": [{"namespaceSelector": {"matchLabels": {"team": "sync"}}}]}
    before = runner(crm)["metadata"]["uid"]
    with neighbour.stream(records(crm), RECORD, rate=20) as ended:
        network(crm, {"ingress": [own]})
        until("the stranger is kept out", lambda: stranger.ask(records(crm), RECORD) == "timeout")
        assert neighbour.ask(metrics(crm)) == "timeout"
        network(crm, {"ingress": [own, sync | {"ports": [{"port": 8080}]}]})
        until("the stranger may send", lambda: stranger.ask(records(crm), RECORD) == "200")
        assert stranger.ask(metrics(crm)) == "timeout"
        network(crm, {"ingress": [own, sync | {"ports": [{"port": 9090}]}]})
        until("the stranger may scrape", lambda: stranger.ask(metrics(crm)) == "200")
        until("but not send", lambda: stranger.ask(records(crm), RECORD) == "timeout")
        answers = ended()
    assert set(answers) == {"200"}
    assert answers["200"] > 20
    assert runner(crm)["metadata"]["uid"] == before


def test_functions_reach_what_egress_names_and_dns_and_nothing_else(crm: Crm, neighbour: Peer) -> None:
    _, registry = crm.cluster.info["registry"].split(":")
    sink = crm.get("service", "crm-sink")["spec"]["clusterIP"]
    source = PROBE.replace("SINK", sink).replace("REGISTRY", f"100.64.0.1:{registry}")
    crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": source}}}})
    crm.wait_ready()

    def reached() -> dict[str, Any]:
        return dict(crm.send(RECORD).body.get("result") or {})

    anywhere = {"dns": sink, "sink": 200, "registry": 200}
    only_the_sink = {"to": [{"podSelector": {"matchLabels": {"app": "crm-sink"}}}], "ports": [{"port": 8080}]}
    until("the new function answers", lambda: reached() == anywhere)
    network(crm, {"egress": [only_the_sink]})
    until("the registry is out of reach", lambda: reached() == anywhere | {"registry": "timeout"})
    assert neighbour.ask(records(crm), RECORD) == "200"
    network(crm, {"egress": []})
    until("only names are known", lambda: reached() == {"dns": sink, "sink": "timeout", "registry": "timeout"})
    network(crm, {})
    until("everything is in reach", lambda: reached() == anywhere)


def test_no_packet_leaves_a_pod_behind_a_policy_in_its_first_moment(crm: Crm, image: str) -> None:
    sink = crm.get("service", "crm-sink")["spec"]["clusterIP"]
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "silent"},
        "spec": {"podSelector": {"matchLabels": {"app": "silent"}}, "policyTypes": ["Egress"]},
    }

    def attempt(seconds: int) -> str:
        return f"import socket; socket.create_connection(('{sink}', 80), timeout={seconds})"

    crm.apply(policy, pod("talking", image, attempt(30)), pod("silent", image, attempt(3)))

    def ended(name: str) -> str:
        phase = str(crm.get("pod", name)["status"].get("phase"))
        return phase if phase in ("Succeeded", "Failed") else ""

    assert until("the free Pod has ended", lambda: ended("talking")) == "Succeeded"
    assert until("the other Pod has ended", lambda: ended("silent")) == "Failed"
    assert "TimeoutError" in crm.kubectl("logs", "silent")


def test_the_operator_needs_no_more_than_names_the_api_server_and_the_registry(crm: Crm) -> None:
    labels = {
        name: crm.cluster.get("--namespace", SYSTEM, "deployment", name)["spec"]["selector"]["matchLabels"]
        for name in ("xkit-operator", "xkit-operator-registry")
    }
    api = crm.cluster.kubectl("config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}").stdout
    needed = [
        {"ports": [{"port": 53, "protocol": "UDP"}]},
        {"to": [{"ipBlock": {"cidr": "100.64.0.1/32"}}], "ports": [{"port": int(api.rpartition(":")[2])}]},
        {"to": [{"podSelector": {"matchLabels": labels["xkit-operator-registry"]}}], "ports": [{"port": 5000}]},
    ]
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "operator", "namespace": SYSTEM},
        "spec": {
            "podSelector": {"matchLabels": labels["xkit-operator"]},
            "policyTypes": ["Ingress", "Egress"],
            "egress": needed,
        },
    }
    crm.cluster.kubectl("apply", "-f", "-", input=json.dumps(policy))
    try:
        crm.cluster.kubectl("--namespace", SYSTEM, "rollout", "restart", "deployment/xkit-operator")
        crm.cluster.kubectl("--namespace", SYSTEM, "rollout", "status", "deployment/xkit-operator", "--timeout=90s")
        source = "module.exports = async () => 'built behind a policy'"
        crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": source}}}})
        crm.wait_ready()
        until("the new function answers", lambda: crm.send(RECORD).body.get("result") == "built behind a policy")
    finally:
        crm.cluster.kubectl("--namespace", SYSTEM, "delete", "networkpolicy", "operator")
