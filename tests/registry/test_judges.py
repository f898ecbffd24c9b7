"""Independent judges: skopeo, crane and containerd read our layouts and what we pushed, and find what we say is there.

crane digests every layer, packed and unpacked; containerd unpacks them, as a node does.
"""

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programs import program
from tests.registry.containerd import Containerd
from tests.registry.crane import crane
from tests.registry.destinations import SOURCE, Destinations
from tests.registry.server import Server
from xkit_operator.image import layout
from xkit_operator.image.build.release import IMAGES, Release
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.transfer import push


@pytest.fixture
def destinations(runtime: Runtime, registry: Registry) -> Destinations:
    """On the real runtime, for once."""
    return Destinations(runtime, registry)


def skopeo(*arguments: str | Path) -> str:
    command = [program("skopeo"), "--insecure-policy", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def inspect(reference: str, *flags: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(skopeo("inspect", *flags, reference))
    return found


async def test_skopeo_finds_digest_layers_and_labels_as_we_pushed_them(
    destinations: Destinations, server: Server
) -> None:
    pushed = await destinations.push("crm")
    found = inspect(f"docker://{server.host}/xkit/team-a/crm:{destinations.tag()}", "--tls-verify=false")
    assert found["Digest"] == pushed.digest
    assert found["Layers"] == [layer.blob.digest for layer in destinations.image().layers]
    assert (found["Os"], found["Architecture"]) == ("linux", "amd64")
    assert found["Labels"]["dev.xkit.runtime"] == "nodejs14"


async def test_skopeo_copies_the_image_with_every_digest_verified(
    destinations: Destinations, server: Server, tmp_path: Path
) -> None:
    pushed = await destinations.push("crm")
    source = f"docker://{server.host}/xkit/team-a/crm@{pushed.digest}"
    skopeo("copy", "--src-tls-verify=false", "--preserve-digests", source, f"oci:{tmp_path / 'copy'}:latest")
    copied = layout.read(tmp_path / "copy")
    assert copied.manifest.digest == pushed.digest
    with copied.layers[-1].blob.open() as stream, tarfile.open(fileobj=stream, mode="r:gz") as archive:
        function = archive.extractfile("app/functions/upsert.cjs")
        assert function is not None
        assert function.read().decode() == SOURCE


def test_skopeo_pushes_our_layout_under_our_digest(destinations: Destinations, server: Server, tmp_path: Path) -> None:
    image = destinations.image()
    layout.write(image, tmp_path / "layout")
    target = f"docker://{server.host}/by/skopeo:1"
    skopeo("copy", "--dest-tls-verify=false", "--preserve-digests", f"oci:{tmp_path / 'layout'}", target)
    assert inspect(target, "--tls-verify=false")["Digest"] == image.manifest.digest


async def test_crane_finds_a_pushed_function_image_well_formed(destinations: Destinations, server: Server) -> None:
    pushed = await destinations.push("crm")
    reference = f"{server.host}/xkit/team-a/crm@{pushed.digest}"
    assert "PASS" in crane("validate", "--insecure", "--remote", reference)


@pytest.mark.parametrize("name", IMAGES)
async def test_crane_finds_an_image_of_the_release_well_formed(
    release: Release, registry: Registry, server: Server, name: str
) -> None:
    _, make = IMAGES[name]
    image = make(release)
    await push(registry, image, repository=f"xkit/{name}", tag="1")
    assert crane("digest", "--insecure", f"{server.host}/xkit/{name}:1").strip() == image.manifest.digest
    assert "PASS" in crane("validate", "--insecure", "--remote", f"{server.host}/xkit/{name}:1")


@pytest.fixture
def containerd() -> Iterator[Containerd]:
    with tempfile.TemporaryDirectory(prefix="xkit-") as folder:
        containerd = Containerd(Path(folder))
        containerd.start()
        yield containerd
        containerd.stop()


async def test_containerd_pulls_and_unpacks_a_function_image(
    destinations: Destinations, server: Server, containerd: Containerd
) -> None:
    pushed = await destinations.push("crm")
    found = containerd.pull(f"{server.host}/xkit/team-a/crm:{destinations.tag()}")
    assert pushed.digest in found
    assert "complete (6/6)" in found  # the configuration and five layers
