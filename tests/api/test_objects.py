"""What users and other programs see of objects that the API server has taken."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import Submit
from tests.vectors.api_rules import DESTINATION, SOURCE_MAPPING, changed
from xkit_operator.api.crd import destination_crd, sourcemapping_crd


@pytest.fixture
def objects(cluster: Any, crds: object, namespace: str) -> str:
    """A namespace with one object of each kind."""
    for base in (DESTINATION, SOURCE_MAPPING):
        cluster.kubectl("create", "-n", namespace, "-f", "-", input=json.dumps(base))
    return namespace


def forgotten(wanted: Any, stored: Any, where: str = "") -> Iterator[str]:
    """Paths of what is in `wanted` and not in `stored`."""
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            if name not in stored:
                yield f"{where}/{name}"
            else:
                yield from forgotten(value, stored[name], f"{where}/{name}")
    elif isinstance(wanted, list):
        for number, value in enumerate(wanted):
            yield from forgotten(value, stored[number], f"{where}/{number}")


@pytest.mark.parametrize("wanted", [destination_crd(), sourcemapping_crd()], ids=["Destination", "SourceMapping"])
def test_the_api_server_keeps_each_field_of_a_kind_so_that_no_tool_sees_it_drift(
    cluster: Any, crds: object, wanted: dict[str, Any]
) -> None:
    assert list(forgotten(wanted, cluster.get("crd", wanted["metadata"]["name"]))) == []


def ready(namespace: str, kind: str, name: str, **status: Any) -> dict[str, Any]:
    """A status that says Ready."""
    condition = {
        "type": "Ready",
        "status": "True",
        "reason": "Ready",
        "message": "",
        "lastTransitionTime": "2021-04-05T00:00:00Z",
    }
    return {
        "apiVersion": "xkit.dev/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "status": {"conditions": [condition], **status},
    }


def apply_status(cluster: Any, status: dict[str, Any]) -> None:
    command = ["apply", "--server-side", "--subresource=status", "--field-manager=xkit.dev/operator", "-f", "-"]
    cluster.kubectl(*command, input=json.dumps(status))


def test_what_is_not_given_gets_its_default(submit: Submit) -> None:
    spec = submit(DESTINATION).answer["spec"]
    assert spec["type"] == "Function"
    assert spec["runtime"] == "nodejs14"
    assert spec["limits"] == {"timeout": "30s", "concurrency": 20, "memory": "256Mi", "cpu": "1"}
    assert spec["replicas"] == 1
    assert spec["inputs"][0]["optional"] is False


def test_one_limit_leaves_the_others_at_their_defaults(submit: Submit) -> None:
    spec = submit(changed(DESTINATION, {"spec.limits.timeout": "5s"})).answer["spec"]
    assert spec["limits"] == {"timeout": "5s", "concurrency": 20, "memory": "256Mi", "cpu": "1"}


def test_nulls_inside_values_are_kept(submit: Submit) -> None:
    value = [None, {"deep": None}]
    spec = submit(changed(DESTINATION, {"spec.variables.0.value": value})).answer["spec"]
    assert spec["variables"][0]["value"] == value


def test_nobody_takes_a_new_object_for_an_observed_one(cluster: Any, objects: str) -> None:
    for kind, name in (("dest", "crm-contacts"), ("smap", "crm-contacts-hubspot")):
        assert cluster.get(kind, name, "-n", objects)["status"] == {"observedGeneration": -1}


def test_kubectl_wait_believes_ready_only_for_the_generation_that_was_observed(cluster: Any, objects: str) -> None:
    wait = ["wait", "-n", objects, "--for=condition=Ready", "dest/crm-contacts"]
    apply_status(cluster, ready(objects, "Destination", "crm-contacts"))
    assert cluster.kubectl(*wait, "--timeout=1s", check=False).returncode != 0
    apply_status(cluster, ready(objects, "Destination", "crm-contacts", observedGeneration=1))
    assert cluster.kubectl(*wait, "--timeout=60s", check=False).returncode == 0


def test_the_table_of_destinations_shows_what_matters(cluster: Any, objects: str) -> None:
    apply_status(cluster, ready(objects, "Destination", "crm-contacts", sources="hubspot", replicas=2, url="http://u"))
    header, row = cluster.kubectl("get", "dest", "-n", objects, "-o", "wide").stdout.splitlines()
    assert header.split() == ["NAME", "READY", "REASON", "SOURCES", "REPLICAS", "URL", "IMAGE", "AGE"]
    assert row.split()[:6] == ["crm-contacts", "True", "Ready", "hubspot", "2", "http://u"]
    narrow = cluster.kubectl("get", "dest", "-n", objects).stdout.splitlines()[0]
    assert narrow.split() == ["NAME", "READY", "REASON", "SOURCES", "REPLICAS", "AGE"]


def test_the_table_of_mappings_shows_what_matters(cluster: Any, objects: str) -> None:
    apply_status(cluster, ready(objects, "SourceMapping", "crm-contacts-hubspot"))
    header, row = cluster.kubectl("get", "smap", "-n", objects).stdout.splitlines()
    assert header.split() == ["NAME", "DESTINATION", "SOURCE", "READY", "REASON", "AGE"]
    assert row.split()[:5] == ["crm-contacts-hubspot", "crm-contacts", "hubspot", "True", "Ready"]


def test_the_category_lists_both_kinds(cluster: Any, objects: str) -> None:
    names = cluster.kubectl("get", "xkit", "-n", objects, "-o", "name").stdout.split()
    assert names == ["destination.xkit.dev/crm-contacts", "sourcemapping.xkit.dev/crm-contacts-hubspot"]


@pytest.mark.parametrize(
    ("kind", "selector", "other"),
    [
        ("dest", "spec.runtime=nodejs14", "spec.runtime=nodejs16"),
        ("smap", "spec.destinationRef.name=crm-contacts", "spec.destinationRef.name=crm"),
        ("smap", "spec.source.slug=hubspot", "spec.source.slug=salesforce"),
    ],
)
def test_objects_are_selected_by_field(cluster: Any, objects: str, kind: str, selector: str, other: str) -> None:
    assert len(cluster.get(kind, "-n", objects, "--field-selector", selector)["items"]) == 1
    assert cluster.get(kind, "-n", objects, "--field-selector", other)["items"] == []


def test_kubectl_scale_sets_the_replicas_within_their_bounds(cluster: Any, objects: str) -> None:
    scale = ["scale", "-n", objects, "dest/crm-contacts"]
    cluster.kubectl(*scale, "--replicas=3")
    assert cluster.get("dest", "crm-contacts", "-n", objects)["spec"]["replicas"] == 3
    assert cluster.kubectl(*scale, "--replicas=1001", check=False).returncode != 0


def test_the_scale_subresource_tells_replicas_and_selector(cluster: Any, objects: str) -> None:
    selector = "xkit.dev/destination=crm-contacts"
    apply_status(cluster, ready(objects, "Destination", "crm-contacts", replicas=2, selector=selector))
    path = f"/apis/xkit.dev/v1alpha1/namespaces/{objects}/destinations/crm-contacts/scale"
    scale = json.loads(cluster.kubectl("get", "--raw", path).stdout)
    assert scale["spec"] == {"replicas": 1}
    assert scale["status"] == {"replicas": 2, "selector": selector}


def test_a_status_apply_leaves_the_spec_alone_and_removes_what_is_no_longer_said(cluster: Any, objects: str) -> None:
    apply_status(cluster, ready(objects, "Destination", "crm-contacts", image="a@sha256:1", observedGeneration=1))
    bogus = {**ready(objects, "Destination", "crm-contacts", observedGeneration=1), "spec": {"replicas": 9}}
    apply_status(cluster, bogus)
    found = cluster.get("dest", "crm-contacts", "-n", objects)
    assert "image" not in found["status"]
    assert found["spec"]["replicas"] == 1
    assert found["metadata"]["generation"] == 1


def test_two_authors_own_different_inputs_of_one_list(cluster: Any, objects: str) -> None:
    part = changed(DESTINATION, {"spec": {"inputs": [{"name": "email", "type": "string"}]}})
    apply = ["apply", "--server-side", "--field-manager=second", "-n", objects, "-f", "-"]
    cluster.kubectl(*apply, input=json.dumps(part))
    inputs = cluster.get("dest", "crm-contacts", "-n", objects)["spec"]["inputs"]
    assert [one["name"] for one in inputs] == ["id", "email"]


def test_two_long_functions_pass_server_side_apply_and_not_the_client_side_one(
    cluster: Any, crds: object, namespace: str
) -> None:
    source = "// " + "x" * 131_069
    long = changed(DESTINATION, {f"spec.functions.{one}": {"source": source} for one in ("upsert", "delete")})
    apply = ["apply", "-n", namespace, "-f", "-"]
    refused = cluster.kubectl(*apply, input=json.dumps(long), check=False)
    assert "metadata.annotations: Too long" in refused.stderr
    cluster.kubectl(*apply, "--server-side", input=json.dumps(long))


def test_client_side_apply_cannot_smuggle_a_null(cluster: Any, crds: object, namespace: str) -> None:
    null = changed(DESTINATION, {"spec.variables.0.value": None})
    assert cluster.kubectl("apply", "-n", namespace, "-f", "-", input=json.dumps(null), check=False).returncode != 0
