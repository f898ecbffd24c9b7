from typing import Any

import pytest

from tests.unit.objects.conftest import make_destination
from xkit_operator.api.destination import Destination
from xkit_operator.objects.pod import pod_template


def template(destination: Destination) -> dict[str, Any]:
    return pod_template(destination, image="i@sha256:1", dispatcher_image="d:1", configuration="crm-0")


def container(destination: Destination, name: str) -> dict[str, Any]:
    [found] = [one for one in template(destination)["spec"]["containers"] if one["name"] == name]
    return found


@pytest.mark.parametrize("name", ["dispatcher", "function"])
def test_each_container_meets_the_restricted_pod_security_standard(destination: Destination, name: str) -> None:
    security = container(destination, name)["securityContext"]
    assert security == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    pod = template(destination)["spec"]["securityContext"]
    assert (pod["runAsNonRoot"], pod["seccompProfile"]) == (True, {"type": "RuntimeDefault"})


def test_variables_from_secrets_are_mounted_in_the_dispatcher_alone(destination: Destination) -> None:
    mounts = {
        name: {m["name"] for m in container(destination, name)["volumeMounts"]} for name in ("dispatcher", "function")
    }
    assert "variables" in mounts["dispatcher"]
    assert mounts["function"] == {"socket", "tmp"}


def test_each_reference_becomes_a_file_named_after_its_variable(destination: Destination) -> None:
    [volume] = [one for one in template(destination)["spec"]["volumes"] if one["name"] == "variables"]
    assert volume["projected"]["sources"] == [
        {"secret": {"name": "crm-api", "items": [{"key": "token", "path": "apiKey"}]}},
        {"configMap": {"name": "crm", "items": [{"key": "region", "path": "region"}]}},
    ]


def test_without_references_there_is_no_volume_for_them() -> None:
    plain = make_destination(variables=[{"name": "baseUrl", "value": "x"}])
    assert "variables" not in {one["name"] for one in template(plain)["spec"]["volumes"]}
    assert "variables" not in {one["name"] for one in container(plain, "dispatcher")["volumeMounts"]}


@pytest.mark.parametrize(
    ("memory", "limit"),
    [("256Mi", "608Mi"), ("64Mi", "224Mi"), ("464Mi", "1Gi"), ("500M", "1050Mi")],
)
def test_the_container_may_use_what_its_executors_and_its_host_need(memory: str, limit: str) -> None:
    function = container(make_destination(limits={"memory": memory}), "function")
    assert function["resources"]["limits"]["memory"] == limit


def test_a_call_that_has_just_started_can_end_within_the_grace_period() -> None:
    spec = template(make_destination(limits={"timeout": "90.5s"}))["spec"]
    assert spec["terminationGracePeriodSeconds"] >= 91 + 3


def test_kubectl_logs_shows_the_function(destination: Destination) -> None:
    assert template(destination)["metadata"]["annotations"]["kubectl.kubernetes.io/default-container"] == "function"


def test_the_pod_has_no_token(destination: Destination) -> None:
    assert template(destination)["spec"]["automountServiceAccountToken"] is False


AUTH = {
    "tokens": [
        {"secretKeyRef": {"name": "crm-dispatch", "key": "old"}},
        {"secretKeyRef": {"name": "crm-dispatch", "key": "new"}},
    ]
}


def test_each_bearer_token_is_a_file() -> None:
    [volume] = [one for one in template(make_destination(auth=AUTH))["spec"]["volumes"] if one["name"] == "tokens"]
    assert volume["projected"]["sources"] == [
        {"secret": {"name": "crm-dispatch", "items": [{"key": "old", "path": "0"}]}},
        {"secret": {"name": "crm-dispatch", "items": [{"key": "new", "path": "1"}]}},
    ]


def test_bearer_tokens_are_mounted_in_the_dispatcher_alone() -> None:
    destination = make_destination(auth=AUTH)
    mounts = {m["name"]: m["mountPath"] for m in container(destination, "dispatcher")["volumeMounts"]}
    assert mounts["tokens"] == "/etc/xkit/tokens"
    assert "tokens" not in {m["name"] for m in container(destination, "function")["volumeMounts"]}


def test_without_auth_nothing_is_mounted_for_it(destination: Destination) -> None:
    assert "tokens" not in {one["name"] for one in template(destination)["spec"]["volumes"]}


@pytest.mark.parametrize(
    ("cpu", "limit", "executors", "memory"),
    [
        ("1", "1", "1", "608Mi"),
        ("500m", "500m", "1", "608Mi"),
        ("0.25", "250m", "1", "608Mi"),
        ("1.5", "1500m", "1", "608Mi"),
        ("2", "2", "2", "864Mi"),
        ("3000m", "3", "3", "1120Mi"),
    ],
)
def test_each_whole_cpu_has_an_executor_with_its_own_memory(cpu: str, limit: str, executors: str, memory: str) -> None:
    function = container(make_destination(limits={"cpu": cpu}), "function")
    assert function["resources"]["limits"] == {"cpu": limit, "memory": memory}
    assert {"name": "XKIT_EXECUTORS", "value": executors} in function["env"]
