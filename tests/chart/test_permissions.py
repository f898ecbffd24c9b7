"""RBAC: exactly what the operator uses, in the cluster or in the namespaces that it serves, and nothing on Secrets."""

from typing import Any

import pytest

from tests.chart.conftest import REQUIRED, Render

CHILD = ["get", "list", "watch", "create", "patch", "delete"]
PERMISSIONS = {
    ("xkit.dev", "destinations"): ["get", "list", "watch", "patch"],
    ("xkit.dev", "sourcemappings"): ["get", "list", "watch"],
    ("xkit.dev", "destinations/status"): ["patch"],
    ("xkit.dev", "sourcemappings/status"): ["patch"],
    ("", "configmaps"): CHILD,
    ("", "services"): CHILD,
    ("", "serviceaccounts"): CHILD,
    ("apps", "deployments"): CHILD,
    ("autoscaling", "horizontalpodautoscalers"): CHILD,
    ("policy", "poddisruptionbudgets"): CHILD,
    ("networking.k8s.io", "networkpolicies"): CHILD,
    ("", "pods"): ["list"],
    ("", "events"): ["list"],
    ("events.k8s.io", "events"): ["create", "patch"],
}


def permissions(role: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    return {
        (group, resource): rule["verbs"]
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


def test_the_operator_may_do_what_is_listed_and_no_more(render: Render) -> None:
    objects = render(REQUIRED)
    assert permissions(objects["ClusterRole", "xo"]) == PERMISSIONS
    assert {name for kind, name in objects if kind in ("Role", "RoleBinding")} == {"xkit-system/xo-lease"}
    binding = objects["ClusterRoleBinding", "xo"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "xo", "namespace": "xkit-system"}]


@pytest.mark.parametrize("namespaces", [[], ["team-a"]], ids=["cluster", "namespaces"])
def test_it_reads_replica_sets_only_to_clean_up_images(render: Render, namespaces: list[str]) -> None:
    objects = render(REQUIRED | {"images": {"cleanup": True}, "namespaces": namespaces})
    role = objects["Role", "team-a/xo"] if namespaces else objects["ClusterRole", "xo"]
    assert permissions(role) == PERMISSIONS | {("apps", "replicasets"): ["list"]}


def test_with_namespaces_it_may_do_the_same_in_those_alone(render: Render) -> None:
    objects = render(REQUIRED | {"namespaces": ["team-a", "team-b"]})
    assert [kind for kind, _ in objects if kind in ("ClusterRole", "ClusterRoleBinding")] == []
    for namespace in ("team-a", "team-b"):
        assert permissions(objects["Role", f"{namespace}/xo"]) == PERMISSIONS
        assert objects["RoleBinding", f"{namespace}/xo"]["roleRef"]["name"] == "xo"
    assert len([kind for kind, _ in objects if kind in ("Role", "RoleBinding")]) == 4 + 2


@pytest.mark.parametrize("namespaces", [[], ["xkit-system"]], ids=["cluster", "its own namespace"])
def test_it_may_hold_the_one_lease_of_its_release(render: Render, namespaces: list[str]) -> None:
    objects = render(REQUIRED | {"namespaces": namespaces})
    leases = {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"]}
    assert objects["Role", "xkit-system/xo-lease"]["rules"] == [
        leases | {"verbs": ["create"]},
        leases | {"resourceNames": ["xo"], "verbs": ["get", "update"]},
    ]
    binding = objects["RoleBinding", "xkit-system/xo-lease"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "xo", "namespace": "xkit-system"}]


def test_nothing_but_the_operator_has_a_token(render: Render) -> None:
    objects = render(REQUIRED | {"registry": {"enabled": True}})
    holders = {
        name
        for (kind, name), obj in objects.items()
        if kind == "Deployment" and obj["spec"]["template"]["spec"]["automountServiceAccountToken"]
    }
    assert holders == {"xkit-system/xo"}
    assert objects["ServiceAccount", "xkit-system/xo"]["automountServiceAccountToken"] is False
