from collections.abc import Callable
from typing import Any

import pytest

from xkit_operator.api.autoscaling import Autoscaling
from xkit_operator.api.destination import Destination
from xkit_operator.api.network import Network
from xkit_operator.objects.autoscaler import autoscaler
from xkit_operator.objects.configmap import configuration_map, runner_configuration
from xkit_operator.objects.deployment import deployment
from xkit_operator.objects.disruption import disruption_budget
from xkit_operator.objects.network import network_policy
from xkit_operator.objects.pod import pod_template
from xkit_operator.objects.service import service
from xkit_operator.objects.serviceaccount import service_account


def of_deployment(destination: Destination) -> dict[str, Any]:
    return deployment(destination, pod_template(destination, image="i", dispatcher_image="d", configuration="crm-0"))


def of_config_map(destination: Destination) -> dict[str, Any]:
    return configuration_map(destination, runner_configuration(destination, []))


def of_autoscaler(destination: Destination) -> dict[str, Any]:
    return autoscaler(destination, Autoscaling(max_replicas=3))


def of_network_policy(destination: Destination) -> dict[str, Any]:
    return network_policy(destination, Network())


CHILDREN = [
    of_deployment,
    of_config_map,
    of_autoscaler,
    of_network_policy,
    disruption_budget,
    service,
    service_account,
]


@pytest.mark.parametrize("make", CHILDREN)
def test_each_child_goes_with_its_destination_and_is_found_by_its_labels(
    destination: Destination, make: Callable[[Destination], dict[str, Any]]
) -> None:
    metadata = make(destination)["metadata"]
    [owner] = metadata["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["uid"], owner["controller"]) == ("Destination", "crm", "u1", True)
    assert metadata["namespace"] == "team-a"
    assert metadata["labels"]["app.kubernetes.io/managed-by"] == "xkit-operator"
    assert metadata["labels"]["xkit.dev/destination"] == "crm"


@pytest.mark.parametrize("make", CHILDREN)
def test_labels_of_the_destination_are_not_copied(
    destination: Destination, make: Callable[[Destination], dict[str, Any]]
) -> None:
    assert "theirs" not in make(destination)["metadata"]["labels"]


def test_the_service_leads_to_the_pods_of_the_deployment(destination: Destination) -> None:
    spec = service(destination)["spec"]
    template = of_deployment(destination)["spec"]["template"]
    assert spec["selector"].items() <= template["metadata"]["labels"].items()
    assert of_deployment(destination)["spec"]["selector"]["matchLabels"] == spec["selector"]
    ports = {port["name"] for one in template["spec"]["containers"] for port in one.get("ports", ())}
    assert {port["targetPort"] for port in spec["ports"]} <= ports


def test_the_service_account_has_no_token(destination: Destination) -> None:
    assert service_account(destination)["automountServiceAccountToken"] is False
