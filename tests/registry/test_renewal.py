"""`make runtime`: what Debian has now is recorded, and what that changes beside the last commit is said."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.registry.conftest import ROOT
from xkit_operator.image.build.cache import cache_directory
from xkit_operator.image.build.debian_lock import read_lock, write_lock
from xkit_operator.image.build.renewal import renew

LOCK = Path("runtimes/nodejs14/debian.lock")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with this source tree's declarations, and no commit yet."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")  # nobody's hooks and signatures
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    clone = tmp_path / "clone"
    for folder in ("runtimes", "requirements"):
        shutil.copytree(ROOT / folder, clone / folder, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copyfile(ROOT / "LICENSE", clone / "LICENSE")
    subprocess.run(["git", "init", "--quiet"], cwd=clone, check=True)
    return clone


def commit(clone: Path) -> None:
    author = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.invalid"]
    subprocess.run(["git", "add", "."], cwd=clone, check=True)
    subprocess.run(["git", *author, "commit", "--quiet", "--allow-empty", "--message", "state"], cwd=clone, check=True)


def renewed(clone: Path) -> list[str]:
    return list(renew(clone, cache_directory(), print))


def test_a_package_that_moved_on_is_recorded_and_named(clone: Path) -> None:
    packages = read_lock(clone / LOCK)
    old = replace(packages["netbase"], version="6.0", sha256="0" * 64)
    write_lock(clone / LOCK, {**packages, "netbase": old}.values())
    commit(clone)
    lines = renewed(clone)
    now = read_lock(clone / LOCK)["netbase"]
    assert now.version != "6.0"
    assert f"  netbase: 6.0 -> {now.version}" in lines
    # the archive never had the committed state: what it came to is not to be had
    assert any(line.startswith("digest: unknown -> sha256:") for line in lines)


def test_a_renewal_of_what_is_new_already_changes_nothing(clone: Path) -> None:
    commit(clone)
    renewed(clone)  # Debian may have moved on since the lock of this source tree was written
    commit(clone)
    recorded = (clone / LOCK).read_text()
    lines = renewed(clone)
    assert "  none changed" in lines
    before, after = next(line for line in lines if line.startswith("digest: ")).removeprefix("digest: ").split(" -> ")
    assert before == after
    assert (clone / LOCK).read_text() == recorded


def test_what_is_not_renewed_is_named_with_its_command(clone: Path) -> None:
    commit(clone)
    text = "\n".join(renewed(clone))
    assert "npm update --package-lock-only" in text
    assert "dist.integrity" in text
    assert "make lock" in text
