"""Every Pod of the chart is admitted by a real API server in a namespace that enforces the restricted standard."""

import json
from typing import Any

import pytest

from tests.chart.conftest import BUNDLED, Render
from tests.conftest import Cluster


@pytest.mark.parametrize("name", ["xo", "xo-registry"])
def test_a_pod_meets_the_restricted_standard(cluster: Cluster, namespace: str, render: Render, name: str) -> None:
    cluster.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
    cluster.kubectl("--namespace", namespace, "create", "serviceaccount", "xo")
    pod = as_pod(render(BUNDLED)["Deployment", f"xkit-system/{name}"]["spec"]["template"])
    admitted = cluster.kubectl(
        "--namespace", namespace, "create", "--dry-run=server", "-o=name", "-f=-", input=json.dumps(pod)
    )
    assert admitted.stdout.strip() == "pod/tried"
    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    refused = cluster.kubectl(
        "--namespace", namespace, "create", "--dry-run=server", "-f=-", input=json.dumps(pod), check=False
    )
    assert "violates PodSecurity" in refused.stderr


def as_pod(template: dict[str, Any]) -> dict[str, Any]:
    metadata = template["metadata"] | {"name": "tried"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
