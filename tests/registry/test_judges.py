"""Independent judges: skopeo reads our layouts and what we pushed, and finds what we say is there."""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.registry.destinations import SOURCE, Destinations
from tests.registry.server import Server
from xkit_operator.image import layout
from xkit_operator.image.registry import Registry
from xkit_operator.image.runtime import Runtime


@pytest.fixture
def destinations(runtime: Runtime, registry: Registry) -> Destinations:
    """On the real runtime, for once."""
    return Destinations(runtime, registry)


def skopeo(*arguments: str | Path) -> str:
    if shutil.which("skopeo") is None:
        pytest.fail("skopeo is missing: apt-get install skopeo")
    command = ["skopeo", "--insecure-policy", *arguments]
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
