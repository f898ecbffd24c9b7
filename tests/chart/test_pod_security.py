"""Every Pod of the chart is admitted by a real API server in a namespace that enforces the restricted standard."""

import copy
import json
from typing import Any

import pytest

from tests.chart.conftest import BUNDLED, Render
from tests.conftest import Cluster
from tests.waiting import until


@pytest.mark.parametrize("name", ["xo", "xo-registry"])
def test_a_pod_meets_the_restricted_standard(cluster: Cluster, namespace: str, render: Render, name: str) -> None:
    cluster.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
    cluster.kubectl("--namespace", namespace, "create", "serviceaccount", "xo")
    pod = as_pod(render(BUNDLED)["Deployment", f"xkit-system/{name}"]["spec"]["template"])
    create = ("--namespace", namespace, "create", "--dry-run=server", "-o=name", "-f=-")
    worse = copy.deepcopy(pod)
    worse["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    until(
        "the API server enforces the label",
        lambda: "violates PodSecurity" in cluster.kubectl(*create, input=json.dumps(worse), check=False).stderr,
    )
    assert cluster.kubectl(*create, input=json.dumps(pod)).stdout.strip() == "pod/tried"


def as_pod(template: dict[str, Any]) -> dict[str, Any]:
    metadata = template["metadata"] | {"name": "tried"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
