"""The CRDs on the embedded cluster's API server."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
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

PATHS = {"Destination": "destinations", "SourceMapping": "sourcemappings"}


@dataclass(frozen=True)
class Verdict:
    """What the API server said to an object."""

    accepted: bool
    answer: dict[str, Any]
    """The object as it would be stored, or the Status that refuses it."""


Submit = Callable[[dict[str, Any]], Verdict]


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


@pytest.fixture(scope="session")
def connection(cluster: Any) -> Iterator[HTTPConnection]:
    """A connection to the API server; kubectl proves who we are."""
    command = [f"{cluster.info['bin']}/kubectl", f"--kubeconfig={cluster.kubeconfig}", "proxy", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as proxy:
        assert proxy.stdout is not None
        address = proxy.stdout.readline().split()[-1]  # Starting to serve on 127.0.0.1:40000
        opened = HTTPConnection(address, timeout=30)
        yield opened
        opened.close()
        proxy.terminate()


@pytest.fixture
def submit(connection: HTTPConnection, crds: list[dict[str, Any]]) -> Submit:
    """Have the API server judge an object as `kubectl create` would have it judged, without keeping it."""

    def create(obj: dict[str, Any]) -> Verdict:
        path = f"/apis/{obj['apiVersion']}/namespaces/default/{PATHS[obj['kind']]}?dryRun=All&fieldValidation=Strict"
        connection.request("POST", path, json.dumps(obj), {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
        return Verdict(accepted=response.status == HTTPStatus.CREATED, answer=answer)

    return create
