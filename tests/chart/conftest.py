"""The chart, rendered by the real Helm: objects as dicts, or Helm's words when it refuses."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.cluster.build import build, cache_directory

CHART = Path(__file__).parents[2] / "helm" / "xkit-operator"
REQUIRED = {
    "image": {"operator": "r.example/operator:1", "dispatcher": "r.example/dispatcher:1", "registry": "r.example/r:1"},
    "registry": {"push": "r.example:5000"},
}
BUNDLED = {"image": REQUIRED["image"], "registry": {"enabled": True}}

Objects = dict[tuple[str, str], dict[str, Any]]
Render = Callable[[dict[str, Any]], Objects]


@pytest.fixture(scope="session")
def helm() -> str:
    return str(build(cache_directory()) / "helm")


@pytest.fixture(scope="session")
def attempt(helm: str) -> Callable[[dict[str, Any]], subprocess.CompletedProcess[str]]:
    """`helm template` with values: whatever comes of it."""

    def template(values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        command = [helm, "template", "xo", str(CHART), "--namespace", "xkit-system", "--values", "-"]
        return subprocess.run(command, input=json.dumps(values), capture_output=True, text=True, check=False)

    return template


@pytest.fixture(scope="session")
def render(attempt: Callable[[dict[str, Any]], subprocess.CompletedProcess[str]]) -> Render:
    """The objects of a release named xo in xkit-system, by kind and namespace/name."""

    def rendered(values: dict[str, Any]) -> Objects:
        done = attempt(values)
        assert done.returncode == 0, done.stderr
        objects = [obj for obj in yaml.safe_load_all(done.stdout) if obj]
        named = {(obj["kind"], _name(obj["metadata"])): obj for obj in objects}
        assert len(named) == len(objects)
        return named

    return rendered


def _name(metadata: dict[str, Any]) -> str:
    return "/".join(filter(None, [metadata.get("namespace"), metadata["name"]]))
