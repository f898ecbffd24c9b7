"""Flux and Argo CD deliver examples/gitops, each of them as it comes, and tell at every moment how it is."""

import uuid
from collections.abc import Iterator

import pytest

from tests.conftest import Cluster
from tests.ecosystem.delivery import EXAMPLE, INTEGRATIONS, ArgoDelivery, Delivery, FluxDelivery, verdicts
from tests.ecosystem.repository import GitHost
from tests.ecosystem.subscribers import Subscribers
from tests.waiting import until

UPSERT = "subscribers/functions/upsert.js"
KUSTOMIZATION = "subscribers/kustomization.yaml"
DESTINATION = "subscribers/destination.yaml"
BROKEN = {
    "FunctionSyntaxError": "module.exports = async () => {\n  return {\n",
    "FunctionLoadFailed": "module.exports = require('no-such-package')\n",
}
AUTOSCALER = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: subscribers}
spec:
  scaleTargetRef: {apiVersion: xkit.dev/v1alpha1, kind: Destination, name: subscribers}
  minReplicas: 2
  maxReplicas: 3
  metrics:
    - type: ContainerResource
      containerResource: {name: cpu, container: function, target: {type: AverageValue, averageValue: 100m}}
"""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def subscribers(cluster: Cluster, story: str) -> Iterator[Subscribers]:
    yield Subscribers(cluster, INTEGRATIONS)
    cluster.kubectl("delete", "namespace", INTEGRATIONS, "--ignore-not-found", "--timeout=120s")


@pytest.fixture(params=["flux", "argocd"])
def delivery(
    request: pytest.FixtureRequest, cluster: Cluster, subscribers: Subscribers, git_host: GitHost
) -> Iterator[Delivery]:
    """The tool, with a repository of its own that nothing is in yet."""
    request.getfixturevalue(request.param)
    repository = git_host.repository(f"integrations-{uuid.uuid4().hex[:8]}")
    made = {"flux": FluxDelivery, "argocd": ArgoDelivery}[request.param](cluster, repository)
    yield made
    made.end()


@pytest.fixture
def delivered(delivery: Delivery) -> Delivery:
    """It serves what is in examples/gitops."""
    delivery.repository.copy(EXAMPLE)
    commit = delivery.repository.commit("Put who agrees on the mailing list")
    delivery.begin()
    assert verdicts(delivery.moments(commit)) == ["waits", "well"]
    return delivery


def edited(delivery: Delivery, old: str, new: str, *, file: str = UPSERT) -> str:
    """Commit the file with `new` in place of `old`."""
    text = delivery.repository.read(file)
    assert old in text
    return delivery.repository.commit("Edit", {file: text.replace(old, new)})


def test_what_is_in_git_serves_when_the_tool_says_so(delivered: Delivery, subscribers: Subscribers) -> None:
    assert subscribers.is_ready()
    assert subscribers.serves() == {"email": "eve@example.com", "kept": False}


def test_an_edited_function_serves_when_the_tool_says_so(delivered: Delivery, subscribers: Subscribers) -> None:
    assert verdicts(delivered.moments(edited(delivered, "kept: false", "kept: 'no'"))) == ["waits", "well"]
    assert subscribers.is_ready()
    assert subscribers.serves() == {"email": "eve@example.com", "kept": "no"}
    config_maps = (one["metadata"]["name"] for one in subscribers.get("configmaps")["items"])
    assert sum(name.startswith("subscribers-functions-") for name in config_maps) == 1, "those of before are gone"


@pytest.mark.parametrize("reason", BROKEN)
def test_a_broken_function_is_told_and_a_fix_heals(delivered: Delivery, subscribers: Subscribers, reason: str) -> None:
    working = delivered.repository.read(UPSERT)
    said = delivered.moments(delivered.repository.commit("Break", {UPSERT: BROKEN[reason]}))
    assert verdicts(said) == ["waits", "failed"]
    ready = subscribers.condition("destination", "subscribers")
    assert ready["reason"] == reason
    assert delivered.blame(ready) in said[-1].message
    assert subscribers.serves() == {"email": "eve@example.com", "kept": False}, "the version before goes on"

    delivered.deliver(delivered.repository.commit("Mend", {UPSERT: working.replace("kept: false", "kept: 'no'")}))
    assert subscribers.serves() == {"email": "eve@example.com", "kept": "no"}


def test_an_autoscaler_of_the_destination_is_left_alone(delivered: Delivery, subscribers: Subscribers) -> None:
    listed = delivered.repository.read(KUSTOMIZATION).replace("stripe.yaml]", "stripe.yaml, autoscaler.yaml]")
    files = {KUSTOMIZATION: listed, "subscribers/autoscaler.yaml": AUTOSCALER}
    delivered.deliver(delivered.repository.commit("Scale by load", files))
    until("the autoscaler has its way", lambda: subscribers.wanted() == 2)
    delivered.deliver(edited(delivered, "kept: false", "kept: 'no'"))
    assert subscribers.wanted() == 2
    assert subscribers.get("destination", "subscribers")["spec"]["replicas"] == 2


def test_the_autoscaler_of_the_spec_is_left_alone(delivered: Delivery, subscribers: Subscribers) -> None:
    bounds = "spec:\n  autoscaling: {minReplicas: 2, maxReplicas: 4}\n"
    commit = edited(delivered, "spec:\n", bounds, file=DESTINATION)
    delivered.deliver(commit)
    until("the autoscaler has its way", lambda: subscribers.wanted() == 2)
    delivered.compare()
    delivered.deliver(commit)
    assert subscribers.wanted() == 2


def test_a_number_of_pods_that_git_does_not_say_is_left_alone(delivered: Delivery, subscribers: Subscribers) -> None:
    subscribers.kubectl("scale", "destination", "subscribers", "--replicas=2")
    until("two Pods are wanted", lambda: subscribers.wanted() == 2)
    delivered.compare()
    assert subscribers.wanted() == 2


def test_nothing_that_the_operator_writes_is_seen_as_drift(delivered: Delivery, subscribers: Subscribers) -> None:
    before = subscribers.writes()
    for _ in range(2):
        delivered.compare()
    assert subscribers.writes() == before


def test_what_leaves_git_leaves_the_cluster(delivered: Delivery, subscribers: Subscribers) -> None:
    listed = delivered.repository.read(KUSTOMIZATION).replace(", shopify.yaml", "")
    delivered.deliver(delivered.repository.commit("Stop reading from Shopify", {KUSTOMIZATION: listed}))
    assert [one["metadata"]["name"] for one in subscribers.get("sourcemappings")["items"]] == ["subscribers-stripe"]
    delivered.end()
    until("all of it is gone", lambda: subscribers.writes() == {})
