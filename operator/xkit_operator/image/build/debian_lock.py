"""The Debian packages of an image as they were recorded: a line each with name, version, architecture and SHA-256.

`debian` chooses by it, `make runtime` renews it. It names no address: apt knows where packages are, and signs for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.errors import BuildFailed

HEAD = """\
# Debian packages, as they go into images: name, version, architecture, SHA-256 of the .deb.
# Written by `make runtime`, which takes what Debian has now; review the difference like code.
"""


@dataclass(frozen=True, order=True)
class Package:
    """One .deb of the archive."""

    name: str
    version: str
    architecture: str
    sha256: str

    @property
    def filename(self) -> str:
        """As apt names it: the colon of an epoch is %3a."""
        return f"{self.name}_{self.version.replace(':', '%3a')}_{self.architecture}.deb"


def read_lock(path: Path) -> dict[str, Package]:
    """The packages of the lock at `path` by name. Raises BuildFailed that names the line which is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise BuildFailed(f"{path} cannot be read ({error.strerror}): `make runtime` writes it") from error
    packages: dict[str, Package] = {}
    for number, line in enumerate(lines, start=1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        if len(fields) != 4 or len(fields[3]) != 64 or fields[0] in packages:
            raise BuildFailed(f"{path}:{number} is no line of name, version, architecture, SHA-256, or comes twice")
        packages[fields[0]] = Package(*fields)
    return packages


def write_lock(path: Path, packages: Iterable[Package]) -> None:
    lines = [f"{one.name} {one.version} {one.architecture} {one.sha256}\n" for one in sorted(packages)]
    path.write_text(HEAD + "".join(lines), "utf-8")


def changes(old: Mapping[str, Package], new: Mapping[str, Package]) -> list[str]:
    """A line for each package that differs: what became of it."""
    lines = []
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before is None and after is not None:
            lines.append(f"{name}: new, {after.version}")
        elif after is None and before is not None:
            lines.append(f"{name}: gone, was {before.version}")
        elif before != after and before is not None and after is not None:
            same = before.version == after.version
            lines.append(f"{name}: {before.version} -> {after.version}" + (" (another file)" if same else ""))
    return lines
