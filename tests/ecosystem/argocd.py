"""The real Argo CD beside the tests' cluster: its controller and repo-server, as processes of this machine, with Redis.

Installed as its manifests do, but for the web server and what else only people use; Applications are objects.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, Cluster
from tests.ecosystem.programs import running
from tests.gotool import go_tool, module_sources
from tests.ports import HeldPort
from tests.programs import program
from tests.waiting import until

MODULE = "github.com/argoproj/argo-cd/v3"
NAMESPACE = "argocd"
REFRESH = "argocd.argoproj.io/refresh"
HEALTH_CHECKS = ROOT / "helm" / "xkit-operator" / "argocd" / "argocd-cm.yaml"
PROJECT = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "AppProject",
    "metadata": {"name": "default", "namespace": NAMESPACE},
    "spec": {
        "sourceRepos": ["*"],
        "destinations": [{"namespace": "*", "server": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
    },
}


def compare(cluster: Cluster, application: str) -> None:
    """Have it compare now, and wait until it has: it takes the wish away then. Its times are whole seconds."""
    named = ("--namespace", NAMESPACE, "application", application)
    cluster.kubectl("annotate", *named, "--overwrite", f"{REFRESH}=hard")
    until("Argo CD has compared", lambda: REFRESH not in cluster.get(*named)["metadata"].get("annotations", {}))


def programs() -> dict[str, Path]:
    """Argo CD, and the kustomize that it calls, built if the cache lacks them: minutes, the first time."""
    return {
        "argocd": go_tool("argocd", f"{MODULE}/cmd", module="argocd"),
        "kustomize": go_tool("kustomize", "sigs.k8s.io/kustomize/kustomize/v5"),
    }


@contextlib.contextmanager
def installed(cluster: Cluster, directory: Path) -> Iterator[None]:
    """Run Argo CD, with its kinds and settings in the cluster; `directory` is for its files and logs."""
    program("redis-server")
    manifests = module_sources(MODULE, of="argocd") / "manifests"
    kinds = f"{manifests}/crds"
    cluster.kubectl("apply", "--server-side", "--kustomize", kinds)
    until("its kinds are served", lambda: cluster.kubectl("get", "appprojects", "-A", check=False).returncode == 0)
    cluster.kubectl("create", "namespace", NAMESPACE)
    cluster.kubectl("apply", "--namespace", NAMESPACE, "--kustomize", str(manifests / "base/config"))
    cluster.kubectl("apply", "-f", "-", input=json.dumps(PROJECT))
    # as the file itself says
    cluster.kubectl("patch", "configmap", "argocd-cm", "--namespace", NAMESPACE, "--patch-file", str(HEALTH_CHECKS))
    with _running(cluster, directory):
        yield
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
    cluster.kubectl("delete", "--wait=false", "--kustomize", kinds)


@contextlib.contextmanager
def _running(cluster: Cluster, directory: Path) -> Iterator[None]:
    redis, repo_server, *metrics = (HeldPort() for _ in range(4))
    environment = _environment(cluster, directory)
    argocd = str(directory / "argocd")
    commands: dict[str, list[str]] = {
        "redis": [
            *("redis-server", "--bind", "127.0.0.1", "--port", str(redis.number)),
            *("--save", "", "--dir", str(directory)),
        ],
        "argocd-repo-server": [
            *(argocd, "--disable-tls", "--redis", redis.address, "--address", "127.0.0.1"),
            *("--port", str(repo_server.number)),
            *("--metrics-address", "127.0.0.1", "--metrics-port", str(metrics[0].number)),
        ],
        "argocd-application-controller": [
            *(argocd, "--redis", redis.address, "--repo-server", repo_server.address, "--repo-server-plaintext"),
            *("--namespace", NAMESPACE, "--metrics-port", str(metrics[1].number)),
            # an Application then tells the health of each object, which people see in the web server otherwise
            "--persist-resource-health",
        ],
    }
    with contextlib.ExitStack() as all_of_it:
        for name, command in commands.items():
            called = environment | {"ARGOCD_BINARY_NAME": name}
            all_of_it.enter_context(running(command, directory / f"{name}.log", called))
        yield


def _environment(cluster: Cluster, directory: Path) -> dict[str, Any]:
    """Everything of its own in `directory`, where it finds its programs as well."""
    for name, path in programs().items():
        (directory / name).symlink_to(path)
    folders = {"HOME": "home", "ARGOCD_TLS_DATA_PATH": "tls", "ARGOCD_SSH_DATA_PATH": "ssh", "TMPDIR": "tmp"}
    folders |= {"ARGOCD_PLUGINSOCKFILEPATH": "plugins", "ARGOCD_GNUPGHOME": "gnupg"}
    for folder in folders.values():
        (directory / folder).mkdir()
    return {name: str(directory / folder) for name, folder in folders.items()} | {
        "PATH": f"{directory}:{cluster.info['bin']}:{os.environ['PATH']}",
        "KUBECONFIG": cluster.kubeconfig,
        "ARGOCD_FAKE_IN_CLUSTER": "true",
        "ARGOCD_GPG_ENABLED": "false",
        "ARGOCD_ASK_PASS_SOCK": str(directory / "ask-pass.sock"),
    }
