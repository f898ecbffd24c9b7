"""What keeps a Destination from being ready is named, and heals by itself when it is mended."""

import pytest

from tests.operator.conftest import StartWorld
from tests.operator.world import World, destination, mapping, variable
from tests.waiting import until


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


def test_a_quota_that_allows_no_pod(world: World) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    world.apply(quota)
    until("the quota counts", lambda: world.get("resourcequota", "none").get("status", {}).get("hard"))
    world.apply(destination())
    assert "exceeded quota" in world.says("False", "QuotaExceeded")
    world.kubectl("delete", "resourcequota", "none")
    world.says("True", "Ready")


@pytest.mark.parametrize("kind", ["service", "serviceaccount", "deployment"])
def test_somebody_elses_object_of_the_same_name_is_left_alone(world: World, kind: str) -> None:
    foreign = {
        "service": {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 1}]}},
        "serviceaccount": {"apiVersion": "v1", "kind": "ServiceAccount"},
        "deployment": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": {"a": "b"}},
                "template": {
                    "metadata": {"labels": {"a": "b"}},
                    "spec": {"containers": [{"name": "x", "image": "x"}]},
                },
            },
        },
    }[kind]
    world.apply(foreign | {"metadata": {"name": "crm"}})
    before = world.get(kind, "crm")["metadata"]
    world.apply(destination())
    assert "crm" in world.says("False", "Conflict")
    after = world.get(kind, "crm")["metadata"]
    assert (after["uid"], after.get("labels")) == (before["uid"], before.get("labels"))
    world.kubectl("delete", kind, "crm")
    world.ready()


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
