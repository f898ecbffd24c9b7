"""What apt of the building machine knows: the one place that asks Debian's archive.

apt checks the archive's signatures and knows where to fetch from; what comes is checked once more by its SHA-256.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.command import run
from xkit_operator.image.build.debian_lock import Package

UPDATE = "run `apt-get update` on a machine with Debian's packages, then build again"


class Apt:
    """The archive of one Debian `release`. Each method raises BuildFailed when this machine knows another release."""

    def __init__(self, release: str) -> None:
        self._release = release

    def candidates(self, names: Sequence[str]) -> dict[str, Package]:
        """What the release has now. Raises BuildFailed for a package that it has not."""
        found = {package.name: package for package in self._show(["--no-all-versions", *names])}
        missing = [name for name in names if name not in found]
        if missing:
            raise BuildFailed(f"apt has no {', '.join(missing)}: {UPDATE}")
        return found

    def available(self, packages: Sequence[Package]) -> set[Package]:
        """Those of `packages` that the archive still has, byte for byte."""
        return set(packages) & set(self._show([package.name for package in packages]))

    def download(self, packages: Sequence[Package], directory: Path) -> None:
        """Put the .deb files of `packages` into `directory`. Raises BuildFailed for one with another checksum."""
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory) as work:
            wanted = [f"{package.name}={package.version}" for package in packages]
            # apt's own user may not write below a private home; without root this option is idle.
            command = ["apt-get", "-o", "APT::Sandbox::User=root", "download", "-qq", *wanted]
            run(command, remedy=UPDATE, directory=Path(work))
            for package in packages:
                fetched = Path(work) / package.filename
                if not is_intact(fetched, package):
                    raise BuildFailed(f"{package.filename} came with another checksum than {package.sha256}: {UPDATE}")
                fetched.replace(directory / package.filename)

    def _show(self, arguments: Sequence[str]) -> list[Package]:
        here = _release_here()
        if here != self._release:
            raise BuildFailed(
                f"images are made of Debian {self._release}, and this machine is {here}: build on that one"
            )
        stanzas = run(["apt-cache", "show", *arguments], remedy=UPDATE).split("\n\n")
        facts = [dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line) for stanza in stanzas]
        return [
            Package(fact["Package"], fact["Version"], fact["Architecture"], fact["SHA256"])
            for fact in facts
            if "SHA256" in fact  # what is only installed here has none
        ]


def is_intact(path: Path, package: Package) -> bool:
    """Whether the file at `path` is there, and is `package`."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == package.sha256


def _release_here() -> str:
    lines = Path("/etc/os-release").read_text("utf-8").splitlines()
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    return facts.get("VERSION_CODENAME", "unknown").strip('"')
