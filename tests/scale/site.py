"""A cluster of its own for each measurement, so that no one finds what another has left: our kinds, fake nodes, images.

Everything but the nodes is real: API server, etcd, controllers, scheduler, registry.
"""

import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, Cluster, dev_cluster
from tests.node import Node
from tests.scale.fake_nodes import PODS, fake_nodes
from xkit_operator.image import layout
from xkit_operator.image.layer import unpack
from xkit_operator.image.runtime import Runtime, RuntimeCatalogue

NAMESPACE = "scale"
_LAYOUTS = ROOT / "build" / "oci"
_SPARE_NODES = 1


@dataclass(frozen=True)
class Site:
    """Where an operator, or the script in its place, has work to do."""

    cluster: Cluster
    folder: Path
    runtimes: dict[str, str]
    dispatcher: str
    """The reference of the dispatcher's image."""

    @property
    def runtime(self) -> Runtime:
        """The one that function images stand on."""
        directory, root = (Path(self.runtimes[name]) for name in ("XKIT_RUNTIMES_DIR", "XKIT_RUNTIMES_ROOT"))
        return RuntimeCatalogue(directory, root).get("nodejs14")

    @property
    def environment(self) -> dict[str, str]:
        """The settings of an operator here."""
        registry = self.cluster.info["registry"]
        return {
            "KUBECONFIG": self.cluster.kubeconfig,
            "XKIT_REGISTRY_PUSH": registry,
            "XKIT_REGISTRY_PREFIX": "scale",
            "XKIT_REGISTRY_PLAIN_HTTP": "true",
            "XKIT_DISPATCHER_IMAGE": self.dispatcher,
            **self.runtimes,
        }


@contextmanager
def site(pods: int) -> Iterator[Site]:
    """With room for `pods` fake Pods. Exits when there are no images.

    Without kube-proxy, which would write the addresses of thousands of Services to the one real node, each time all of
    them: elsewhere other machines do that, where it takes nothing from the control plane.
    """
    name = f"scale-{uuid.uuid4().hex[:6]}"
    with tempfile.TemporaryDirectory(prefix="xkit-scale-") as folder:
        try:
            subprocess.run(
                [sys.executable, "-m", "dev.cluster", "up", "--name", name], cwd=ROOT, check=True, stdout=sys.stderr
            )
            cluster = Cluster(name, json.loads(dev_cluster("info", "--name", name)))
            with (
                fake_nodes(cluster, -(-pods // PODS) + _SPARE_NODES, Path(folder)),
                Node(name).frozen("kube-proxy"),
            ):
                cluster.kubectl("apply", "--server-side", "-f", str(ROOT / "crds"))
                cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
                cluster.kubectl("create", "namespace", NAMESPACE)
                yield Site(cluster, Path(folder), _runtimes(Path(folder)), _dispatcher(cluster))
        finally:
            dev_cluster("down", "--purge", "--name", name)


def _runtimes(folder: Path) -> dict[str, str]:
    if not (_LAYOUTS / "runtime-nodejs14" / "index.json").exists():
        raise SystemExit("the images are missing: make image builds them")
    (folder / "images").mkdir()
    (folder / "images" / "nodejs14").symlink_to(_LAYOUTS / "runtime-nodejs14")
    _, node, _, executor = layout.read(_LAYOUTS / "runtime-nodejs14").layers
    unpack([node, executor], folder / "root")
    return {"XKIT_RUNTIMES_DIR": str(folder / "images"), "XKIT_RUNTIMES_ROOT": str(folder / "root")}


def _dispatcher(cluster: Cluster) -> str:
    """Nothing pulls it: its name alone is needed."""
    return f"{cluster.info['registry']}/xkit/dispatcher@{layout.read(_LAYOUTS / 'dispatcher').manifest.digest}"
