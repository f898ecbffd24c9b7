"""What a running cluster offers on the host: kubectl, the registry, node ports, metrics, exec, load."""

import http.client
import json
import tarfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dev.cluster.images import image_archive
from tests.waiting import until

COREFILE = b".:53 {\n  health :8080\n}\n"


def health_image(cluster: Any, reference: str) -> bytes:
    """An image whose only process answers OK at :8080/health."""
    program = Path(cluster.info["bin"], "coredns").read_bytes()
    # The label keeps images apart: the kubelet refuses one that it knows as pulled from a registry under another name.
    config = {"Entrypoint": ["/coredns"], "User": "65532:65532", "Labels": {"reference": reference}}
    return image_archive(reference, {"coredns": program, "Corefile": COREFILE}, config, "amd64")


def pod(name: str, image: str, **extra: object) -> dict[str, object]:
    container = {"name": "health", "image": image, **extra}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 0},
    }


def push(archive: Path, registry: str, repository: str) -> None:
    """Push the image of `archive` by the distribution protocol."""

    connection = http.client.HTTPConnection(registry, timeout=60)

    def send(method: str, path: str, body: bytes, kind: str) -> str:
        connection.request(method, path, body=body, headers={"Content-Type": kind})
        answer = connection.getresponse()
        assert answer.status in (201, 202), answer.read()
        answer.read()
        return answer.headers["Location"]

    with tarfile.open(archive) as opened:
        files = {member.name: opened.extractfile(member).read() for member in opened}  # type: ignore[union-attr]
    entry = json.loads(files["index.json"])["manifests"][0]
    manifest = files[f"blobs/sha256/{entry['digest'].removeprefix('sha256:')}"]
    described = json.loads(manifest)
    for blob in [described["config"], *described["layers"]]:
        location = send("POST", f"/v2/{repository}/blobs/uploads/", b"", "text/plain")
        content = files[f"blobs/sha256/{blob['digest'].removeprefix('sha256:')}"]
        send("PUT", f"{location}&digest={blob['digest']}", content, "application/octet-stream")
    send("PUT", f"/v2/{repository}/manifests/1", manifest, entry["mediaType"])
    connection.close()


def test_the_node_is_ready_and_says_its_version(cluster: Any) -> None:
    nodes = json.loads(cluster.kubectl("get", "nodes", "-o", "json"))["items"]
    assert [node["status"]["nodeInfo"]["kubeletVersion"] for node in nodes] == ["v1.35.4"]
    assert cluster.run("status").returncode == 0


def test_a_pod_pulled_from_the_registry_answers_on_a_node_port(cluster: Any, tmp_path: Path) -> None:
    registry = cluster.info["registry"]
    port = cluster.info["nodePorts"][0] + 7
    image = f"{registry}/team/health:1"
    archive = tmp_path / "image.tar"
    archive.write_bytes(health_image(cluster, image))
    push(archive, registry, "team/health")
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "pulled"},
        "spec": {"type": "NodePort", "selector": {"app": "pulled"}, "ports": [{"port": 8080, "nodePort": port}]},
    }
    for manifest in (pod("pulled", image), service):
        cluster.kubectl("apply", "-f", "-", text=json.dumps(manifest))
    cluster.await_pod("pulled")

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                return bool(answer.read() == b"OK")
        except OSError:  # kube-proxy has not translated the port yet
            return False

    until("the node port answers", answers)
    cluster.kubectl("delete", "pod/pulled", "service/pulled")


def test_a_loaded_image_runs_without_any_registry(cluster: Any, tmp_path: Path) -> None:
    image = "example.test/loaded:1"
    archive = tmp_path / "image.tar"
    archive.write_bytes(health_image(cluster, image))
    cluster.run("load", str(archive))
    cluster.kubectl("apply", "-f", "-", text=json.dumps(pod("loaded", image, imagePullPolicy="Never")))
    cluster.await_pod("loaded")
    cluster.kubectl("delete", "pod/loaded")


def test_the_metrics_api_serves(cluster: Any) -> None:
    until("kubectl top", lambda: "node1" in cluster.kubectl("top", "nodes", check=False))


def test_exec_runs_inside_with_kubectl_on_path(cluster: Any) -> None:
    assert cluster.run("exec", "--", "kubectl", "get", "nodes", "-o", "name").stdout == "node/node1\n"
    assert "100.64.0.1/24" in cluster.run("exec", "--", "ip", "address", "show", "node0").stdout


def test_exec_passes_the_exit_code_on(cluster: Any) -> None:
    assert cluster.run("exec", "--", "sh", "-c", "exit 7", check=False).returncode == 7


def test_the_kubeconfig_command_prints_the_path_that_info_names(cluster: Any) -> None:
    assert cluster.run("kubeconfig").stdout.strip() == cluster.info["kubeconfig"]


@pytest.mark.parametrize("command", ["exec", "kubeconfig", "load"])
def test_a_command_for_a_running_cluster_says_how_to_start_one(make_cluster: Callable[[], Any], command: str) -> None:
    arguments = {"exec": ["true"], "load": ["nothing.tar"]}.get(command, [])
    refused = make_cluster().run(command, *arguments, check=False)
    assert refused.returncode == 1
    assert "dev.cluster up --name" in refused.stderr
