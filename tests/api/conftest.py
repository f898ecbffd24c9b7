"""The CRDs on the embedded cluster's API server."""

import json
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.up.install import NAMESPACE, RELEASE
from tests.vectors.api_rules import DESTINATION, SOURCE_MAPPING
from xkit_operator.api.crd import destination_crd, sourcemapping_crd

CRDS = Path(__file__).parents[2] / "crds"
OWNED_BY_HELM = {
    "labels": {"app.kubernetes.io/managed-by": "Helm"},
    "annotations": {"meta.helm.sh/release-name": RELEASE, "meta.helm.sh/release-namespace": NAMESPACE},
}
"""What Helm wants to see on objects that are there before it: other tests install the chart on the same cluster."""

SCHEMAS: dict[str, dict[str, Any]] = {
    crd["spec"]["names"]["kind"]: crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]
    for crd in (destination_crd(), sourcemapping_crd())
}
"""The schemas of metadata, spec and status by kind."""

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
        opened = HTTPConnection(address, timeout=120)
        yield opened
        opened.close()
        proxy.terminate()


def as_kubectl_writes(value: Any) -> Any:
    """Numbers without a fraction are written without one by Go; a number with one is no integer to CEL, even 1.0."""
    match value:
        case dict():
            return {key: as_kubectl_writes(one) for key, one in value.items()}
        case list():
            return [as_kubectl_writes(one) for one in value]
        case float() if value.is_integer() and abs(value) < 1e21:
            return int(value)
    return value


@pytest.fixture
def submit(connection: HTTPConnection, crds: object) -> Submit:
    """Have the API server judge an object as `kubectl create` would have it judged, without keeping it."""

    def create(obj: dict[str, Any]) -> Verdict:
        return _judged(connection, "POST", _path(obj, "default"), obj, "application/json")

    return create


@pytest.fixture(scope="module")
def submit_status(cluster: Any, connection: HTTPConnection, crds: object) -> Iterator[Submit]:
    """Have the API server judge the status of one of the two objects of the tables, without keeping it."""
    namespace = f"test-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "namespace", namespace)
    for base in (DESTINATION, SOURCE_MAPPING):
        cluster.kubectl("create", "-n", namespace, "-f", "-", input=json.dumps(base))

    def patch(obj: dict[str, Any]) -> Verdict:
        path = f"{_path(obj, namespace)}/{obj['metadata']['name']}/status"
        return _judged(connection, "PATCH", path, {"status": obj["status"]}, "application/merge-patch+json")

    yield patch
    cluster.kubectl("delete", "namespace", namespace, "--wait=false")


def _path(obj: dict[str, Any], namespace: str) -> str:
    return f"/apis/{obj['apiVersion']}/namespaces/{namespace}/{PATHS[obj['kind']]}"


def _judged(connection: HTTPConnection, method: str, path: str, body: Any, kind: str) -> Verdict:
    text = json.dumps(as_kubectl_writes(body))
    connection.request(method, f"{path}?dryRun=All&fieldValidation=Strict", text, {"Content-Type": kind})
    response = connection.getresponse()
    answer = json.loads(response.read())
    return Verdict(accepted=response.status in {HTTPStatus.OK, HTTPStatus.CREATED}, answer=answer)
