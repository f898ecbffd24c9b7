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
