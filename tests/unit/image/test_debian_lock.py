"""The lock of Debian packages: what is written is read again, a damaged line is named, a difference reads like one."""

from pathlib import Path

import pytest

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.debian_lock import Package, changes, read_lock, write_lock

ROOT = Path(__file__).parents[3]
LOCKS = [ROOT / "runtimes" / "nodejs14" / "debian.lock", ROOT / "requirements" / "debian.lock"]


def package(name: str, version: str = "1", digit: str = "a") -> Package:
    return Package(name, version, "amd64", digit * 64)


def by_name(*packages: Package) -> dict[str, Package]:
    return {one.name: one for one in packages}


def test_what_is_written_is_read_again_in_the_order_of_names(tmp_path: Path) -> None:
    write_lock(tmp_path / "lock", [package("zlib1g", "1:1.2.13"), package("libc6", "2.36-9+deb12u14")])
    assert list(read_lock(tmp_path / "lock").values()) == [
        package("libc6", "2.36-9+deb12u14"),
        package("zlib1g", "1:1.2.13"),
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.parent.name)
def test_a_committed_lock_is_as_a_renewal_writes_it_and_names_no_address(lock: Path, tmp_path: Path) -> None:
    write_lock(tmp_path / "lock", read_lock(lock).values())
    assert (tmp_path / "lock").read_text() == lock.read_text()
    assert "/" not in "".join(f"{one.name}{one.version}" for one in read_lock(lock).values())


@pytest.mark.parametrize(
    "line", ["libc6 2.36", f"libc6 1 amd64 {'a' * 63}", f"libc6 1 amd64 {'a' * 64}\nlibc6 2 amd64 {'b' * 64}"]
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "lock").write_text(f"# packages\n{line}\n")
    with pytest.raises(BuildFailed, match=r"lock:[23] is no line of name, version, architecture, SHA-256"):
        read_lock(tmp_path / "lock")


def test_an_absent_lock_says_what_writes_it(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="`make runtime` writes it"):
        read_lock(tmp_path / "lock")


def test_an_epoch_is_written_as_apt_writes_it_in_file_names() -> None:
    assert package("zlib1g", "1:1.2.13").filename == "zlib1g_1%3a1.2.13_amd64.deb"


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (by_name(package("a")), by_name(package("a")), []),
        (by_name(package("a")), by_name(package("a", "2")), ["a: 1 -> 2"]),
        (by_name(package("a")), by_name(package("a", digit="b")), ["a: 1 -> 1 (another file)"]),
        (by_name(), by_name(package("a")), ["a: new, 1"]),
        (by_name(package("a")), by_name(), ["a: gone, was 1"]),
    ],
)
def test_changes_say_what_became_of_each_package(
    old: dict[str, Package], new: dict[str, Package], lines: list[str]
) -> None:
    assert changes(old, new) == lines
