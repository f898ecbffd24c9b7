"""Declarations of runtimes: the committed ones can be used, a wrong one is refused by name."""

import json
from pathlib import Path

import pytest

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.declaration import read_declaration

RUNTIMES = Path(__file__).parents[3] / "runtimes"
DECLARED = sorted(path.parent for path in RUNTIMES.glob("*/runtime.yaml"))


@pytest.mark.parametrize("folder", DECLARED, ids=lambda folder: folder.name)
def test_a_runtime_is_named_after_its_folder_and_has_all_its_parts(folder: Path) -> None:
    declared = read_declaration(folder)
    assert declared.name == folder.name
    assert (folder / declared.executor / "host.js").is_file()
    lock = json.loads((folder / declared.packages).read_text())
    assert lock["packages"][""]["dependencies"] == json.loads((folder / "package.json").read_text())["dependencies"]


@pytest.mark.parametrize("folder", DECLARED, ids=lambda folder: folder.name)
def test_a_lock_pins_every_package_by_checksum_and_names_no_address(folder: Path) -> None:
    text = (folder / read_declaration(folder).packages).read_text()
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    assert "resolved" not in text


def test_a_field_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "runtime.yaml").write_text((RUNTIMES / "nodejs14" / "runtime.yaml").read_text() + "\nnoode: 1\n")
    with pytest.raises(BuildFailed, match="noode"):
        read_declaration(tmp_path)


def test_a_folder_without_a_declaration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"runtime\.yaml"):
        read_declaration(tmp_path)
