"""The same source gives the same images anywhere: in another folder, time zone, locale, umask, with another hash seed.

Only what was fetched is shared (.deb, npm and wheel files, each checked by its lock); every layer is built anew.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registry.conftest import ROOT
from tests.registry.destinations import SOURCE
from xkit_operator.image import layout
from xkit_operator.image.build.cache import cache_directory
from xkit_operator.image.build.release import IMAGES, Release
from xkit_operator.image.build.sbom import spdx
from xkit_operator.image.function import function_image
from xkit_operator.image.runtime import RuntimeCatalogue

FETCHED = ("debs", "npm", "wheels")
FOLDERS = ("operator", "requirements", "runtimes")
ELSEWHERE = {
    "TZ": "Asia/Kathmandu",
    "PYTHONHASHSEED": "4711",
    # Not even UTF-8: what Python would otherwise make of the locale C.
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
}


@pytest.fixture(scope="module")
def elsewhere(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Layouts of all images, built by a process in another environment out of a copy of this source tree."""
    folder = tmp_path_factory.mktemp("another place")
    source, cache = folder / "clone", folder / "cache" / "xkit-operator"
    left_out = shutil.ignore_patterns("node_modules", "__pycache__", "*.egg-info")
    for part in FOLDERS:
        shutil.copytree(ROOT / part, source / part, ignore=left_out)
    shutil.copyfile(ROOT / "LICENSE", source / "LICENSE")
    for _, make in IMAGES.values():
        make(release)  # fetches whatever is not kept yet
    cache.mkdir(parents=True)
    for kept in FETCHED:
        (cache / kept).symlink_to(cache_directory() / kept)
    environment = {
        **os.environ,
        **ELSEWHERE,
        "PYTHONPATH": str(source / "operator"),
        "XDG_CACHE_HOME": str(cache.parent),
    }
    command = [sys.executable, "-m", "xkit_operator.image", "build", "--out", folder / "oci"]
    built = subprocess.run(
        command, cwd=folder, env=environment, umask=0o077, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert ": kept" not in built.stdout
    return folder / "oci"


@pytest.mark.timeout(1200)  # a build of everything: a minute of both cores where nothing else runs
@pytest.mark.parametrize("name", IMAGES)
def test_an_image_is_the_same_built_elsewhere(release: Release, elsewhere: Path, name: str) -> None:
    folder, make = IMAGES[name]
    here, there = make(release), layout.read(elsewhere / folder)
    differing = [
        release.cache.name(one)
        for one, other in zip(here.layers, there.layers, strict=True)
        if one.diff_id != other.diff_id
    ]
    assert differing == []
    assert there.manifest.digest == here.manifest.digest


@pytest.mark.timeout(1200)
def test_a_function_image_is_the_same_on_a_runtime_built_elsewhere(release: Release, elsewhere: Path) -> None:
    runtimes = elsewhere / "catalogue"
    runtimes.mkdir()
    (runtimes / "nodejs14").symlink_to(elsewhere / "runtime-nodejs14")
    layout.write(release.runtime(), elsewhere / "here" / "nodejs14")
    images = [
        function_image(RuntimeCatalogue(folder).get("nodejs14"), {"upsert": SOURCE}, {"upsert": "commonjs"}, labels={})
        for folder in (runtimes, elsewhere / "here")
    ]
    assert images[0].manifest.digest == images[1].manifest.digest


@pytest.mark.timeout(1200)
def test_the_bill_of_materials_is_the_same_built_elsewhere(release: Release, elsewhere: Path) -> None:
    image = release.operator()
    assert (elsewhere / "operator.spdx.json").read_bytes() == spdx(image, "operator", release.components(image))
