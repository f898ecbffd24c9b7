"""`world` is a namespace of the cluster with a real operator process in charge of it, on this machine."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operator.gate import Gate
from tests.operator.process import ROOT, Operator
from tests.operator.runtimes import Releases
from tests.operator.world import World
from xkit_operator.image import layout
from xkit_operator.image.layer import unpack

LAYOUTS = ROOT / "build" / "oci"


@pytest.fixture(scope="session")
def installed(cluster: Any) -> str:
    """A cluster that has our kinds and no other operator; the reference of the dispatcher's image in its registry."""
    for name in ("runtime-nodejs14", "dispatcher"):
        assert (LAYOUTS / name / "index.json").exists(), "make image builds what is missing here"
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", str(ROOT / "crds"))
    others = cluster.get("deployments", "-A", "-l", "app.kubernetes.io/component=operator")["items"]
    assert not others, "another operator runs in this cluster: helm uninstall it first"
    image = f"{cluster.info['registry']}/xkit/dispatcher"
    push = [sys.executable, "-m", "xkit_operator.image", "push", str(LAYOUTS / "dispatcher")]
    environment = {"PYTHONPATH": str(ROOT / "operator")}
    subprocess.run([*push, f"{image}:tests", "--plain-http"], check=True, stdout=subprocess.DEVNULL, env=environment)
    return f"{image}@{layout.read(LAYOUTS / 'dispatcher').manifest.digest}"


@pytest.fixture(scope="session")
def runtimes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings that say where the runtime is: its image, and its Node.js and parser unpacked."""
    folder = tmp_path_factory.mktemp("runtimes")
    (folder / "images").mkdir()
    (folder / "images" / "nodejs14").symlink_to(LAYOUTS / "runtime-nodejs14")
    _, node, _, executor = layout.read(LAYOUTS / "runtime-nodejs14").layers
    unpack([node, executor], folder / "root")
    return {"XKIT_RUNTIMES_DIR": str(folder / "images"), "XKIT_RUNTIMES_ROOT": str(folder / "root")}


@pytest.fixture(scope="session")
def releases(runtimes: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Releases:
    first, root = (Path(runtimes[name]) for name in ("XKIT_RUNTIMES_DIR", "XKIT_RUNTIMES_ROOT"))
    return Releases(first, root, tmp_path_factory.mktemp("releases"))


@pytest.fixture
def api(cluster: Any) -> Iterator[Gate]:
    command = [f"{cluster.info['bin']}/kubectl", "--kubeconfig", cluster.kubeconfig, "proxy", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as proxy:
        assert proxy.stdout is not None
        found = re.search(r"127\.0\.0\.1:\d+", proxy.stdout.readline())
        assert found is not None
        gate = Gate(f"http://{found[0]}")
        gate.start()
        yield gate
        gate.stop()
        proxy.terminate()


@pytest.fixture
def registry(cluster: Any) -> Iterator[Gate]:
    gate = Gate(f"http://{cluster.info['registry']}")
    gate.start()
    yield gate
    gate.stop()


StartWorld = Callable[..., World]


@pytest.fixture
def start_world(
    cluster: Any,
    namespace: str,
    installed: str,
    runtimes: dict[str, str],
    api: Gate,
    registry: Gate,
    tmp_path: Path,
) -> Iterator[StartWorld]:
    """Starts the operator, with other settings where given."""
    worlds: list[World] = []

    def start(*, ready: bool = True, **settings: str) -> World:
        environment = {
            "KUBECONFIG": str(write_kubeconfig(tmp_path / "kubeconfig", api)),
            "XKIT_NAMESPACES": namespace,
            "XKIT_REGISTRY_PUSH": registry.host,
            "XKIT_REGISTRY_PULL": cluster.info["registry"],
            "XKIT_REGISTRY_PREFIX": "xkit-tests",
            "XKIT_REGISTRY_PLAIN_HTTP": "true",
            "XKIT_DISPATCHER_IMAGE": installed,
            **runtimes,
            **settings,
        }
        operator = Operator(environment, tmp_path / "operator.log")
        worlds.append(World(cluster, namespace, operator=operator, api=api, registry=registry))
        operator.start(ready=ready)
        return worlds[-1]

    yield start
    for world in worlds:
        if world.operator.running:
            world.operator.terminate()
        assert "Traceback" not in world.operator.log.read_text()


@pytest.fixture
def world(start_world: StartWorld) -> World:
    return start_world()


def write_kubeconfig(path: Path, api: Gate) -> Path:
    """Make `path` the way to the API server through `api`."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "tests",
        "clusters": [{"name": "tests", "cluster": {"server": f"http://{api.host}"}}],
        "users": [{"name": "nobody", "user": {}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "nobody"}}],
    }
    path.write_text(json.dumps(content))
    return path
