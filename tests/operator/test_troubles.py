"""What keeps a Destination from being ready is named, and heals by itself when it is mended."""

from pathlib import Path
from typing import Any

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.statements import watched
from tests.operator.world import World, destination, mapping, variable
from tests.waiting import PATIENCE, until
from xkit_operator.reconcile.reporting.change import AWAITED_SECONDS


def test_a_missing_secret_and_then_a_missing_key(world: World) -> None:
    world.apply(destination(variables=[variable("apiKey", "secretKeyRef", of="crm-api", key="token")]))
    assert "Secret crm-api" in world.says("False", "SecretNotFound")
    world.kubectl("create", "secret", "generic", "crm-api", "--from-literal=other=x")
    assert "Secret crm-api has no key token" in world.says("False", "SecretKeyNotFound")
    world.kubectl("patch", "secret", "crm-api", "-p", '{"stringData": {"token": "x"}}')
    world.ready()


def test_a_missing_config_map_and_then_a_missing_key(world: World) -> None:
    world.apply(destination(variables=[variable("region", "configMapKeyRef", of="crm-settings", key="region")]))
    assert "ConfigMap crm-settings" in world.says("False", "ConfigMapNotFound")
    world.kubectl("create", "configmap", "crm-settings", "--from-literal=other=x")
    assert "region" in world.says("False", "ConfigMapKeyNotFound")
    world.kubectl("patch", "configmap", "crm-settings", "-p", '{"data": {"region": "eu"}}')
    world.ready()


def test_a_registry_that_is_down_stops_new_images_only(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.registry.shut()
    world.apply(destination("other", upsert="module.exports = async () => 'other'"))
    assert world.registry.host in world.says("False", "RegistryUnreachable", name="other")
    world.patch("destination", "crm", {"spec": {"limits": {"concurrency": 3}}})
    world.ready()
    world.registry.reopen()
    world.ready("other")


def test_an_unknown_runtime(world: World) -> None:
    world.apply(destination(runtime="nodejs99"))
    message = world.says("False", "UnknownRuntime")
    assert "nodejs99" in message
    assert "nodejs14" in message
    world.apply(destination(runtime="nodejs14"))
    world.ready()


def test_a_function_that_does_not_load(world: World) -> None:
    world.apply(destination(upsert="require('no-such-package')\nmodule.exports = async () => 1"))
    assert "no-such-package" in world.says("False", "FunctionLoadFailed")
    world.apply(destination())
    world.ready()


def test_an_image_that_cannot_be_pulled(start_world: StartWorld, cluster) -> None:
    world = start_world(XKIT_DISPATCHER_IMAGE=f"{cluster.info['registry']}/xkit/absent:1")
    world.apply(destination())
    assert "xkit/absent:1" in world.says("False", "ImagePullFailed")


@pytest.mark.parametrize("refused", ["pods", "services", "count/deployments.apps"])
def test_a_quota_that_refuses_an_object_is_named_and_heals_when_it_is_raised(world: World, refused: str) -> None:
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "tight"},
        "spec": {"hard": {refused: "0"}},
    }
    world.apply(quota)
    until("the quota counts", lambda: world.get("resourcequota", "tight").get("status", {}).get("hard"))
    world.apply(destination())
    assert "exceeded quota: tight" in world.says("False", "QuotaExceeded")
    world.patch("resourcequota", "tight", {"spec": {"hard": {refused: "9"}}})
    world.ready()


def test_a_limit_range_that_refuses_the_pods(world: World) -> None:
    limits = [{"type": "Container", "max": {"memory": "100Mi"}}]
    world.apply({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "small"}, "spec": {"limits": limits}})
    world.apply(destination())
    assert "maximum memory usage per Container is 100Mi" in world.says("False", "QuotaExceeded")
    world.kubectl("delete", "limitrange", "small")
    world.ready()


def test_a_missing_service_account_stops_the_new_pods_and_not_the_old_ones(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.apply(destination(pod={"serviceAccountName": "runner"}))
    assert "ServiceAccount runner" in world.says("False", "ServiceAccountNotFound")
    assert world.condition("destination", "crm", "Available")["status"] == "True"
    assert world.condition("destination", "crm", "Reconciling")["status"] == "True"
    world.kubectl("create", "serviceaccount", "runner")
    world.ready()


@pytest.mark.parametrize(
    ("spec", "reason", "field"),
    [
        ({"pod": {"affinity": {"bogus": {}}}}, "InvalidPodSpec", "bogus"),
        ({"network": {"ingress": [{"bogus": []}]}}, "InvalidNetworkSpec", "bogus"),
        ({"network": {"egress": [{"to": [{"ipBlock": {"cidr": "nowhere"}}]}]}}, "InvalidNetworkSpec", "cidr"),
        ({"autoscaling": {"maxReplicas": 2, "metrics": [{"bogus": 1}]}}, "InvalidAutoscalingSpec", "bogus"),
        ({"autoscaling": {"maxReplicas": 2, "metrics": [{"type": "Resource"}]}}, "InvalidAutoscalingSpec", "resource"),
    ],
)
def test_a_field_that_is_passed_on_and_refused(world: World, spec: dict[str, Any], reason: str, field: str) -> None:
    world.apply(destination(**spec))
    assert field in world.says("False", reason)
    assert world.condition("destination", "crm", "Stalled")["reason"] == reason
    world.apply(destination())
    world.ready()


def test_what_comes_a_moment_later_was_never_missed(world: World, tmp_path: Path) -> None:
    with watched(world, tmp_path) as said:
        world.apply(
            destination(
                variables=[
                    variable("apiKey", "secretKeyRef", of="crm-api", key="token"),
                    variable("region", "configMapKeyRef", of="crm-settings", key="region"),
                ]
            )
        )
        world.says("False", "ConfigMapNotFound")
        world.kubectl("create", "configmap", "crm-settings", "--from-literal=region=eu")
        world.says("False", "SecretNotFound")
        world.kubectl("create", "secret", "generic", "crm-api", "--from-literal=token=x")
        world.ready()
        said.complete()
    assert said.abnormal == ["Reconciling"]


def test_what_never_comes_does_not_hang_in_silence(world: World) -> None:
    world.apply(
        destination(variables=[variable("apiKey", "secretKeyRef", of="crm-api", key="token")]),
        mapping("lonely", to="nobody"),
    )
    world.says("False", "SecretNotFound")
    world.says("False", "DestinationNotFound", kind="sourcemapping", name="lonely")
    both = (("destination", "crm"), ("sourcemapping", "lonely"))
    assert not any(world.condition(kind, name, "Stalled") for kind, name in both)
    until(
        "both are stalled",
        lambda: all(world.condition(kind, name, "Stalled") for kind, name in both),
        seconds=AWAITED_SECONDS + PATIENCE,
    )
    world.kubectl("create", "secret", "generic", "crm-api", "--from-literal=token=x")
    # The kubelet looks for it again after two minutes at most.
    until("it heals", lambda: world.condition("destination", "crm")["status"] == "True", seconds=120 + PATIENCE)


def test_mappings_that_cannot_serve_say_why_and_the_others_go_on(world: World) -> None:
    world.apply(destination(), mapping("first"))
    world.ready()
    world.apply(mapping("unfit", slug="salesforce", entry="nonsense"))
    assert "nonsense" in world.says("False", "MappingDoesNotFit", kind="sourcemapping", name="unfit")
    until("a second has passed", lambda: _later(world, "first"))
    world.apply(mapping("second"))
    assert "first" in world.says("False", "SourceConflict", kind="sourcemapping", name="second")
    world.says("True", "Ready", kind="sourcemapping", name="first")
    world.kubectl("delete", "sourcemapping", "first")
    world.says("True", "Ready", kind="sourcemapping", name="second")


def _later(world: World, name: str) -> bool:
    """Whether an object made now would have a later creationTimestamp, which counts seconds."""
    made = world.get("sourcemapping", name)["metadata"]["creationTimestamp"]
    return (
        world.kubectl(
            "create", "configmap", "clock", "--dry-run=server", "-o", "jsonpath={.metadata.creationTimestamp}"
        )
        > made
    )
