"""What a platform team adds: access for its users, network policies, scheduling, objects of its own."""

import json
from typing import Any

import pytest

from tests.chart.conftest import BUNDLED, Objects, Render
from tests.conftest import Cluster

VERBS = {
    "view": {"get", "list", "watch"},
    "edit": {"create", "update", "patch", "delete", "deletecollection"},
}


def pod_specs(objects: Objects) -> list[dict[str, Any]]:
    return [obj["spec"]["template"]["spec"] for (kind, _), obj in objects.items() if kind == "Deployment"]


@pytest.mark.parametrize("role", ["view", "edit"])
def test_users_of_a_namespace_get_what_its_roles_say(render: Render, role: str) -> None:
    found = render(BUNDLED)["ClusterRole", f"xo-{role}"]
    assert found["metadata"]["labels"]["rbac.authorization.k8s.io/aggregate-to-admin"] == "true"
    assert ("rbac.authorization.k8s.io/aggregate-to-view" in found["metadata"]["labels"]) == (role == "view")
    (objects, scale) = found["rules"]
    assert {"destinations", "sourcemappings"} <= set(objects["resources"])
    assert set(objects["verbs"]) == VERBS[role]
    assert scale["resources"] == ["destinations/scale"]
    assert set(scale["verbs"]) <= VERBS[role]


def test_the_roles_can_be_left_out(render: Render) -> None:
    assert [name for kind, name in render(BUNDLED | {"aggregatedRoles": False}) if kind == "ClusterRole"] == ["xo"]


def test_policies_let_the_operator_push_and_the_nodes_pull(render: Render) -> None:
    values = {"networkPolicy": {"enabled": True, "nodes": ["10.0.0.0/16"]}}
    objects = render(BUNDLED | values)
    (rule,) = objects["NetworkPolicy", "xkit-system/xo-registry"]["spec"]["ingress"]
    (operator, nodes) = rule["from"]
    labels = objects["Deployment", "xkit-system/xo"]["spec"]["template"]["metadata"]["labels"]
    assert operator["podSelector"]["matchLabels"].items() <= labels.items()
    assert nodes == {"ipBlock": {"cidr": "10.0.0.0/16"}}
    policy = objects["NetworkPolicy", "xkit-system/xo"]["spec"]
    assert policy["policyTypes"] == ["Ingress"]
    assert policy["ingress"] == [{"ports": [{"port": "http"}]}]


def test_where_the_operator_may_go_is_bounded_when_it_is_said(render: Render) -> None:
    api = {"to": [{"ipBlock": {"cidr": "10.0.0.1/32"}}], "ports": [{"port": 6443}]}
    policy = render(BUNDLED | {"networkPolicy": {"enabled": True, "egress": [api]}})["NetworkPolicy", "xkit-system/xo"]
    names, registry, own = policy["spec"]["egress"]
    assert {one["port"] for one in names["ports"]} == {53}
    assert registry["to"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "registry"
    assert own == api


def test_pods_run_where_and_as_they_are_told(render: Render) -> None:
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}
    objects = render(BUNDLED | {"priorityClassName": "high", "affinity": affinity})
    for spec in pod_specs(objects):
        assert spec["priorityClassName"] == "high"
        assert spec["affinity"] == affinity


def test_labels_and_annotations_of_the_pod_stand_beside_the_charts_own(render: Render) -> None:
    values = {"podLabels": {"team": "platform"}, "podAnnotations": {"note": "ours"}}
    deployment = render(BUNDLED | values)["Deployment", "xkit-system/xo"]["spec"]
    assert deployment["template"]["metadata"]["labels"]["team"] == "platform"
    assert deployment["template"]["metadata"]["annotations"] == {"note": "ours"}
    assert "team" not in deployment["selector"]["matchLabels"]


def test_objects_of_ones_own_go_with_the_release_and_may_name_it(render: Render) -> None:
    extra = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ .Release.Name }}-extra"}}
    assert ("ConfigMap", "xo-extra") in render(BUNDLED | {"extraObjects": [extra]})


def test_the_api_server_takes_all_of_it(cluster: Cluster, namespace: str, render: Render) -> None:
    values = {"networkPolicy": {"enabled": True, "nodes": ["10.0.0.0/16"], "egress": [{"ports": [{"port": 6443}]}]}}
    objects = render(BUNDLED | values)
    for kind in ("NetworkPolicy", "ClusterRole", "Pod"):
        for (found, _), obj in objects.items():
            if found == kind:
                metadata = {key: value for key, value in obj["metadata"].items() if key != "namespace"}
                cluster.run(
                    *("kubectl", "create", "--namespace", namespace, "--dry-run=server", "--filename=-"),
                    stdin=json.dumps(obj | {"metadata": metadata}),
                )
