"""The life of a Destination: made, served, edited, scaled, repaired, deleted."""

from tests.operator.world import World, destination, mapping
from tests.waiting import until

RECORD = {"operation": "upsert", "source": {"slug": "hubspot"}, "record": {"id": "7"}}
CHILDREN = "deployments,services,serviceaccounts,configmaps,pods"


def test_from_apply_to_an_answered_record(world: World) -> None:
    world.apply(destination(), mapping())
    world.ready()
    world.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
    world.answers(RECORD, "7")
    status = world.get("destination", "crm")["status"]
    assert status["url"] == f"http://crm.{world.namespace}.svc"
    assert status["sources"] == "hubspot"
    assert status["image"].startswith(f"{world.cluster.info['registry']}/xkit-tests/{world.namespace}/crm@sha256:")
    assert (status["replicas"], status["readyReplicas"]) == (1, 1)
    assert len(status["sourceHash"]) == 64


def test_an_edited_function_replaces_the_old_one_and_nothing_of_it_stays(world: World) -> None:
    world.apply(destination(), mapping())
    world.ready()
    world.apply(destination(upsert="module.exports = async () => 'new'", limits={"concurrency": 5}))
    world.ready()
    world.answers(RECORD, "new")
    until("one configuration is left", lambda: len(world.list("configmaps")) == 1)


def test_kubectl_scale_changes_the_number_of_pods(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.kubectl("scale", "destination/crm", "--replicas=2")
    world.ready()
    assert world.get("destination", "crm")["status"]["readyReplicas"] == 2
    world.kubectl("scale", "destination/crm", "--replicas=0")
    world.says("True", "ScaledToZero")


def test_a_broken_function_takes_nothing_down_and_scaling_goes_on(world: World) -> None:
    world.apply(destination(), mapping())
    world.ready()
    world.answers(RECORD, "7")
    world.apply(destination(upsert="module.exports = async () => {\n  return ]\n}"))
    message = world.says("False", "FunctionSyntaxError")
    assert "line 2, column 10" in message
    assert world.condition("destination", "crm", "Available")["status"] == "True"
    assert world.send(RECORD)["result"] == "7"
    world.patch("destination", "crm", {"spec": {"replicas": 2}})
    until("a second Pod is ready", lambda: world.get("destination", "crm")["status"]["readyReplicas"] == 2)
    assert world.condition("sourcemapping", "crm-hubspot")["status"] == "True"


def test_what_others_change_or_delete_is_mended(world: World) -> None:
    world.apply(destination())
    world.ready()
    world.patch("service", "crm", {"spec": {"selector": {"xkit.dev/destination": "other"}}})
    until("the selector is back", lambda: "other" not in str(world.get("service", "crm")["spec"]["selector"]))
    port = {"name": "http", "port": 81, "targetPort": 8080}
    world.patch("service", "crm", {"spec": {"ports": [port]}})
    until("the port is back", lambda: [one["port"] for one in world.get("service", "crm")["spec"]["ports"]] == [80])
    world.kubectl("scale", "deployment/crm", "--replicas=3")
    until("the count is back", lambda: world.get("deployment", "crm")["spec"]["replicas"] == 1)
    world.kubectl("delete", "deployment", "crm", "--wait=false")
    until(
        "the Deployment is back",
        lambda: "deletionTimestamp" not in world.get("deployment", "crm").get("metadata", {"deletionTimestamp": 1}),
    )
    world.kubectl("set", "image", "deployment/crm", "function=example.com/other:1")
    until("the image is back", lambda: "other" not in str(world.get("deployment", "crm")["spec"]))
    (configuration,) = world.list("configmaps")
    world.kubectl("label", configuration, "xkit.dev/reload-")
    until("the label is back", lambda: "xkit.dev/reload" in world.kubectl("get", configuration, "-o", "yaml"))
    world.kubectl("delete", configuration)
    until("the configuration is back", lambda: world.list("configmaps") == [configuration])
    world.ready()


def test_a_deletion_leaves_nothing_and_orphans_the_mapping(world: World) -> None:
    world.apply(destination(), mapping())
    world.ready()
    world.kubectl("delete", "destination", "crm")
    until("all children are gone", lambda: world.list(CHILDREN) == [])
    assert "crm" in world.says("False", "DestinationNotFound", kind="sourcemapping", name="crm-hubspot")
    world.apply(destination())
    world.ready()
    world.says("True", "Ready", kind="sourcemapping", name="crm-hubspot")
