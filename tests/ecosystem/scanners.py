"""Programs that judge manifests, and the releases that are shown to them."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, Cluster
from tests.gotool import go_tool

CLEAN = 10
"""kube-score's best grade."""
POLICIES = Path(__file__).with_name("policies.yaml")
"""What Kyverno asks."""
_DIGEST = f"sha256:{'0' * 64}"
VALUES: dict[str, Any] = {
    "image": {name: f"registry.example.com/{name}@{_DIGEST}" for name in ("operator", "dispatcher", "registry")},
    "registry": {"enabled": True},
    "replicas": 2,
    "networkPolicy": {"enabled": True, "nodes": ["10.0.0.0/16"]},
}
"""A release with all that makes it safer, for the whole cluster."""
NAMESPACED: dict[str, Any] = {
    "image": VALUES["image"],
    "namespaces": ["integrations"],
    "registry": {"push": "registry.example.com", "credentialsSecret": "login", "caConfigMap": "authorities"},
}
"""A release for one namespace, with a registry of its user's."""


def kube_score() -> Path:
    """Built the first time."""
    return go_tool("kube-score", "github.com/zegl/kube-score/cmd/kube-score")


def kyverno() -> Path:
    """Kyverno's command line, which judges without a cluster; built the first time."""
    return go_tool("kyverno", "github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno")


def release(cluster: Cluster, values: dict[str, Any]) -> str:
    """The manifests of the chart with `values`."""
    chart = str(ROOT / "helm" / "xkit-operator")
    command = ("helm", "template", "xkit-operator", chart, "--namespace", "xkit-system", "--values", "-")
    return cluster.run(*command, stdin=json.dumps(values)).stdout
