"""Programs that judge manifests, and the values with which the chart is shown to them."""

from pathlib import Path
from typing import Any

from tests.gotool import go_tool

CLEAN = 10
"""kube-score's best grade."""
_DIGEST = f"sha256:{'0' * 64}"
VALUES: dict[str, Any] = {
    "image": {name: f"registry.example.com/{name}@{_DIGEST}" for name in ("operator", "dispatcher", "registry")},
    "registry": {"enabled": True},
    "replicas": 2,
    "networkPolicy": {"enabled": True, "nodes": ["10.0.0.0/16"]},
}


def kube_score() -> Path:
    """Built the first time."""
    return go_tool("kube-score", "github.com/zegl/kube-score/cmd/kube-score")
