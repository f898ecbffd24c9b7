"""Debian packages without dpkg's database or a root user: fetched by apt, unpacked, freed of what nobody reads.

apt checks the signatures and knows where to fetch from. Copyright files stay: every licence asks for that.
"""

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.command import run

UPDATE = "run `apt-get update` on a machine with Debian's packages, then build again"
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


class Debian:
    """The packages of one Debian release for amd64, kept in `directory` once fetched."""

    def __init__(self, release: str, directory: Path) -> None:
        self.release = release
        self._directory = directory

    def versions(self, packages: Iterable[str]) -> dict[str, str]:
        """The version of each package that this release has now. Raises BuildFailed when apt knows another release."""
        here = _release_here()
        if here != self.release:
            raise BuildFailed(
                f"images are made of Debian {self.release}, and this machine is {here}: build on that one"
            )
        found: dict[str, str] = {}
        name = ""
        for line in run(["apt-cache", "policy", *packages], remedy=UPDATE).splitlines():
            if not line.startswith(" "):
                name = line.rstrip(":")
            elif line.startswith("  Candidate: "):
                found[name] = line.removeprefix("  Candidate: ")
        missing = [package for package in packages if found.get(package, "(none)") == "(none)"]
        if missing:
            raise BuildFailed(f"apt has no {', '.join(missing)}: {UPDATE}")
        return found

    def unpack(self, versions: Mapping[str, str], root: Path) -> None:
        """Lay these packages below `root`, without running any of their scripts."""
        absent = [f"{name}={version}" for name, version in versions.items() if not self._find(name, version)]
        if absent:
            self._fetch(absent)
        for name, version in sorted(versions.items()):
            (package,) = self._find(name, version)
            run(["dpkg-deb", "-x", package, root], remedy=f"delete {package} and build again")
        _prune(root)

    def _find(self, name: str, version: str) -> list[Path]:
        # apt writes the colon of an epoch as %3a, and "all" for a package without machine code.
        return list(self._directory.glob(f"{name}_{version.replace(':', '%3a')}_*.deb"))

    def _fetch(self, packages: list[str]) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._directory) as work:
            # apt's own user may not write below a private home; without root this option is idle.
            command = ["apt-get", "-o", "APT::Sandbox::User=root", "download", "-qq", *packages]
            run(command, remedy=UPDATE, directory=Path(work))
            for package in Path(work).iterdir():
                package.replace(self._directory / package.name)


def _release_here() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    return facts.get("VERSION_CODENAME", "unknown").strip('"')


def _prune(root: Path) -> None:
    for name in UNREAD:
        shutil.rmtree(root / name, ignore_errors=True)
    for path in (root / "usr/share/doc").rglob("*"):
        if not path.is_symlink() and path.is_file() and path.name != "copyright":
            path.unlink()
