"""docs/how-to/clean-up-images.md: what it says to type frees what was deleted in the bundled registry, and no more."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import ROOT, SYSTEM
from tests.pages import DOCS, commands
from tests.waiting import PATIENCE, until
from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import Image, Process, image
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.transfer import push

NAME = "xkit-operator-registry"
PARTS = ("deployment", "service", "persistentvolumeclaim")
UNUSED_PORT = 17  # of the node ports that the cluster has: none of the product's


def command() -> str:
    (found,) = commands(DOCS / "how-to" / "clean-up-images.md", "Free the space: garbage collection")
    return found


def some_image(content: bytes) -> Image:
    return image([pack([Entry.file("content", content)])], Process(entrypoint=["/none"], environment={}))


class Bundled:
    """The chart's registry alone, in a namespace of its own, with a volume."""

    def __init__(self, cluster: Any, namespace: str, reference: str) -> None:
        self._cluster = cluster
        self._namespace = namespace
        port = cluster.info["nodePorts"][0] + UNUSED_PORT
        self.host = f"127.0.0.1:{port}"
        settings = {
            "image.operator": "unused",
            "image.dispatcher": "unused",
            "image.registry": reference,
            "registry.enabled": "true",
            "registry.nodePort": str(port),
            "registry.persistence.enabled": "true",
            "registry.persistence.size": "100Mi",
        }
        chosen = [one for key, value in settings.items() for one in ("--set", f"{key}={value}")]
        shown = [one for part in PARTS for one in ("--show-only", f"templates/registry-{part}.yaml")]
        chart = str(ROOT / "helm" / "xkit-operator")
        rendered = cluster.run("helm", "template", "xkit-operator", chart, "--namespace", namespace, *chosen, *shown)
        self.kubectl("apply", "-f", "-", stdin=rendered.stdout)

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        return str(self._cluster.kubectl("--namespace", self._namespace, *arguments, input=stdin).stdout)

    def volume(self) -> Path:
        """Its folder on this machine, open to the registry: the host-path provisioner knows nothing of fsGroup."""

        def bound() -> str:
            return str(json.loads(self.kubectl("get", "pvc", NAME, "-o", "json"))["spec"].get("volumeName", ""))

        found = self._cluster.get("pv", until("the claim is bound", bound))
        folder = Path(self._cluster.info["state"], "volumes", Path(found["spec"]["hostPath"]["path"]).name)
        folder.chmod(0o777)
        return folder

    def wait(self) -> None:
        """Until it serves, also at its port of the node."""
        self.kubectl("rollout", "status", f"deployment/{NAME}", f"--timeout={PATIENCE:.0f}s")
        until("the registry answers", self._answers)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.host}/v2/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:  # the node does not lead to the Pod yet
            return False


@pytest.fixture
def bundled(story: str, cluster: Any, namespace: str) -> Iterator[Bundled]:
    live = cluster.get("--namespace", SYSTEM, "deployment", NAME)
    return Bundled(cluster, namespace, live["spec"]["template"]["spec"]["containers"][0]["image"])


def blobs(volume: Path) -> set[str]:
    return {f"sha256:{path.parent.name}" for path in volume.glob("docker/registry/v2/blobs/sha256/*/*/data")}


async def test_what_the_page_says_frees_a_deleted_image_and_leaves_the_others(
    bundled: Bundled, cluster: Any, namespace: str
) -> None:
    volume = bundled.volume()
    bundled.wait()
    kept, deleted = some_image(b"kept"), some_image(b"deleted")
    async with Registry(bundled.host, Access(plain_http=True)) as registry:
        for one in (kept, deleted):
            await push(registry, one, repository="xkit/team-a/crm", tag=f"src-{one.manifest.digest[7:19]}")
        await registry.delete_manifest("xkit/team-a/crm", deleted.manifest.digest)
    parts = {name: {one.layers[0].blob.digest, one.config.digest} for name, one in (("kept", kept), ("gone", deleted))}
    assert parts["gone"] <= blobs(volume)
    cluster.run("bash", "-euo", "pipefail", "-c", command().replace(SYSTEM, namespace))
    bundled.wait()
    assert blobs(volume) == {*parts["kept"], kept.manifest.digest}
    async with Registry(bundled.host, Access(plain_http=True)) as registry:
        assert await registry.head_manifest("xkit/team-a/crm", kept.manifest.digest) == kept.manifest.digest
