"""Debian packages without dpkg's database or a root user: chosen by the lock, unpacked, freed of what nobody reads.

Copyright files stay: every licence asks for that. Each package leaves its control file where scanners of images
without a dpkg database look for it.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.apt import Apt, is_intact
from xkit_operator.image.build.command import run
from xkit_operator.image.build.debian_lock import Package, read_lock

STATUS = "var/lib/dpkg/status.d"
UNREAD = (
    "etc/init.d",
    "lib/systemd",
    "usr/lib/x86_64-linux-gnu/gconv",
    "usr/share/bash-completion",
    "usr/share/gcc",
    "usr/share/lintian",
    "usr/share/locale",
    "usr/share/man",
    "usr/share/zoneinfo/posix",
    "usr/share/zoneinfo/right",
)


class Choice(Enum):
    """Which version of a package goes in."""

    LOCKED = "the recorded one where it can be had, else, loudly, what Debian has now"
    LOCKED_ONLY = "the recorded one, or no build: for a release"
    NEWEST = "what Debian has now: to renew the lock"


class Debian:
    """The packages of one Debian release for amd64, kept in `directory` once fetched; `report` hears what differs."""

    def __init__(self, release: str, directory: Path, *, choice: Choice, report: Callable[[str], None]) -> None:
        self._apt = Apt(release)
        self._directory = directory
        self._choice = choice
        self._report = report

    def choose(self, names: Sequence[str], path: Path) -> list[Package]:
        """The packages that go in for `names`, of which the lock at `path` has records.

        Asks apt only about what is not kept already: a build with nothing new needs no archive. Raises BuildFailed when
        a package cannot be had as it is asked for.
        """
        if self._choice is Choice.NEWEST:
            return sorted(self._apt.candidates(names).values())
        lock = read_lock(path)
        recorded = [lock[name] for name in names if name in lock]
        absent = [package for package in recorded if not self._is_kept(package)]
        gone = set(absent) - self._apt.available(absent) if absent else set()
        stale = [name for name in names if name not in lock or lock[name] in gone]
        now = self._now_instead(stale, lock) if stale else {}
        return sorted(now.get(name) or lock[name] for name in names)

    def unpack(self, packages: Iterable[Package], root: Path) -> None:
        """Lay these packages below `root`, without running any of their scripts."""
        wanted = sorted(packages)
        absent = [package for package in wanted if not self._is_kept(package)]
        if absent:
            self._apt.download(absent, self._directory)
        (root / STATUS).mkdir(parents=True)
        for package in wanted:
            archive = self._directory / package.filename
            remedy = f"delete {archive} and build again"
            run(["dpkg-deb", "-x", archive, root], remedy=remedy)
            control = run(["dpkg-deb", "-f", archive], remedy=remedy).rstrip("\n")
            (root / STATUS / package.name).write_text(f"{control}\nSHA256: {package.sha256}\n", "utf-8")
        _prune(root)

    def _is_kept(self, package: Package) -> bool:
        return is_intact(self._directory / package.filename, package)

    def _now_instead(self, stale: Sequence[str], lock: Mapping[str, Package]) -> dict[str, Package]:
        """The candidates for the names in `stale`, which the lock does not help with."""
        now = self._apt.candidates(stale)
        lines = [_difference(now[name], lock.get(name)) for name in stale]
        if self._choice is Choice.LOCKED_ONLY:
            raise BuildFailed(
                f"a locked build takes recorded packages only: {'; '.join(lines)}. "
                "`make runtime` records what Debian has now"
            )
        for line in lines:
            self._report(f"  !! {line}: building with that, so the digest is not the recorded one")
        self._report("  !! `make runtime` records what Debian has now")
        return now


def _difference(now: Package, recorded: Package | None) -> str:
    was = f"{recorded.version} is recorded but no longer to be had" if recorded else "is not recorded"
    return f"{now.name} {was}, Debian has {now.version}"


def _prune(root: Path) -> None:
    for name in UNREAD:
        shutil.rmtree(root / name, ignore_errors=True)
    for path in (root / "usr/share/doc").rglob("*"):
        if not path.is_symlink() and path.is_file() and path.name != "copyright":
            path.unlink()
