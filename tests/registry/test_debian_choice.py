"""Which Debian packages go into an image, by the real apt: the recorded ones, or loudly another, or none."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.apt import Apt
from xkit_operator.image.build.debian import Choice, Debian
from xkit_operator.image.build.debian_lock import Package, write_lock

RELEASE = "bookworm"


@pytest.fixture(scope="module")
def now() -> Package:
    """A small package, as Debian has it now."""
    return Apt(RELEASE).candidates(["netbase"])["netbase"]


class Choosing:
    """One choice among what the lock in `folder` records, with the reports of it."""

    def __init__(self, folder: Path, choice: Choice, *recorded: Package) -> None:
        write_lock(folder / "lock", recorded)
        self.lines: list[str] = []
        self.debian = Debian(RELEASE, folder / "debs", choice=choice, report=self.lines.append)
        self._lock = folder / "lock"

    def of(self, *names: str) -> list[Package]:
        return self.debian.choose(names, self._lock)


def test_the_recorded_package_goes_in_silently(tmp_path: Path, now: Package) -> None:
    choosing = Choosing(tmp_path, Choice.LOCKED, now)
    assert choosing.of("netbase") == [now]
    assert choosing.lines == []


def test_a_package_that_debian_no_longer_has_is_replaced_loudly(tmp_path: Path, now: Package) -> None:
    choosing = Choosing(tmp_path, Choice.LOCKED, replace(now, version="6.0"))
    assert choosing.of("netbase") == [now]
    assert f"netbase 6.0 is recorded but no longer to be had, Debian has {now.version}" in choosing.lines[0]
    assert "`make runtime` records" in choosing.lines[-1]


def test_the_same_version_with_another_checksum_is_another_package(tmp_path: Path, now: Package) -> None:
    choosing = Choosing(tmp_path, Choice.LOCKED, replace(now, sha256="0" * 64))
    assert choosing.of("netbase") == [now]
    assert choosing.lines


def test_a_package_that_is_not_recorded_is_taken_loudly(tmp_path: Path, now: Package) -> None:
    choosing = Choosing(tmp_path, Choice.LOCKED)
    assert choosing.of("netbase") == [now]
    assert "netbase is not recorded" in choosing.lines[0]


@pytest.mark.parametrize("recorded", ["6.0", None])
def test_a_locked_build_refuses_whatever_is_not_recorded(tmp_path: Path, now: Package, recorded: str | None) -> None:
    packages = [replace(now, version=recorded)] if recorded else []
    with pytest.raises(BuildFailed, match=r"a locked build takes recorded packages only: netbase .*`make runtime`"):
        Choosing(tmp_path, Choice.LOCKED_ONLY, *packages).of("netbase")


def test_a_renewal_takes_what_debian_has(tmp_path: Path, now: Package) -> None:
    assert Choosing(tmp_path, Choice.NEWEST, replace(now, version="6.0")).of("netbase") == [now]


def test_a_package_that_is_kept_goes_in_though_debian_has_dropped_it(tmp_path: Path, now: Package) -> None:
    kept = replace(now, version="6.0", sha256=hashlib.sha256(b"kept").hexdigest())
    (tmp_path / "debs").mkdir()
    (tmp_path / "debs" / kept.filename).write_bytes(b"kept")
    choosing = Choosing(tmp_path, Choice.LOCKED_ONLY, kept)
    assert choosing.of("netbase") == [kept]


def test_a_kept_file_that_was_changed_is_fetched_again(tmp_path: Path, now: Package) -> None:
    (tmp_path / "debs").mkdir()
    (tmp_path / "debs" / now.filename).write_bytes(b"changed")
    choosing = Choosing(tmp_path, Choice.LOCKED_ONLY, now)
    choosing.debian.unpack(choosing.of("netbase"), tmp_path / "root")
    assert (tmp_path / "root" / "etc" / "protocols").exists()
    assert hashlib.sha256((tmp_path / "debs" / now.filename).read_bytes()).hexdigest() == now.sha256


def test_an_unpacked_package_leaves_its_record_for_scanners(tmp_path: Path, now: Package) -> None:
    choosing = Choosing(tmp_path, Choice.LOCKED, now)
    choosing.debian.unpack(choosing.of("netbase"), tmp_path / "root")
    record = (tmp_path / "root" / "var/lib/dpkg/status.d/netbase").read_text()
    assert f"Version: {now.version}\n" in record
    assert record.endswith(f"SHA256: {now.sha256}\n")
