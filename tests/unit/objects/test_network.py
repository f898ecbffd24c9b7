from typing import Any

from tests.unit.objects.conftest import make_destination
from xkit_operator.objects.network import network_policy

ANYWHERE = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}


def spec(**network: Any) -> dict[str, Any]:
    destination = make_destination(network=network)
    assert destination.spec.network is not None
    made: dict[str, Any] = network_policy(destination, destination.spec.network)["spec"]
    return made


def test_without_rules_the_own_namespace_may_send_and_the_pods_may_send_anywhere() -> None:
    made = spec()
    assert made["ingress"] == [{"from": [{"podSelector": {}}]}]
    assert made["policyTypes"] == ["Ingress"]


def test_rules_of_the_author_are_passed_on() -> None:
    assert spec(ingress=[{}])["ingress"] == [{}]
    assert spec(ingress=[])["ingress"] == []


def test_names_can_be_looked_up_wherever_the_pods_may_send() -> None:
    made = spec(egress=[ANYWHERE])
    dns, own = made["egress"]
    assert {(port["port"], port["protocol"]) for port in dns["ports"]} == {(53, "UDP"), (53, "TCP")}
    assert own == ANYWHERE
    assert made["policyTypes"] == ["Ingress", "Egress"]
