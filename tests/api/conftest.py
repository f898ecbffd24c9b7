"""The CRDs on the embedded cluster's API server."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from dev.up.install import NAMESPACE, RELEASE

CRDS = Path(__file__).parents[2] / "crds"
OWNED_BY_HELM = {
    "labels": {"app.kubernetes.io/managed-by": "Helm"},
    "annotations": {"meta.helm.sh/release-name": RELEASE, "meta.helm.sh/release-namespace": NAMESPACE},
}
"""What Helm wants to see on objects that are there before it: other tests install the chart on the same cluster."""

Submit = Callable[[dict[str, Any]], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def crds(cluster: Any) -> list[dict[str, Any]]:
    """The CRDs, established."""
    found: list[dict[str, Any]] = [yaml.safe_load(path.read_text()) for path in sorted(CRDS.glob("*.yaml"))]
    for crd in found:
        owned = {**crd, "metadata": {**crd["metadata"], **OWNED_BY_HELM}}
        apply = ["apply", "--server-side", "--force-conflicts", "--field-manager=xkit-tests", "-f", "-"]
        cluster.kubectl(*apply, input=json.dumps(owned))
        cluster.kubectl("wait", "--for=condition=Established", "crd", crd["metadata"]["name"], "--timeout=60s")
    return found


@pytest.fixture
def submit(cluster: Any, crds: list[dict[str, Any]]) -> Submit:
    """Have the API server judge an object as `kubectl create` would, without keeping it."""

    def create(obj: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        command = ["create", "--namespace=default", "--dry-run=server", "--output=json", "-f", "-"]
        done: subprocess.CompletedProcess[str] = cluster.kubectl(*command, input=json.dumps(obj), check=False)
        return done

    return create
