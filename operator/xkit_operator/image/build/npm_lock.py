"""What a package-lock.json may hold: packages of the registry, each by its checksum, and nothing else.

Checked before npm sees it: npm would follow a path, a repository or an address, and run what it finds there.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xkit_operator.errors import BuildFailed

LOCKFILE_VERSION = 2  # npm 7 and later write and read it, and npm 6, which comes with Node.js 14, does not fail on it
RENEW = "npm install --package-lock-only --ignore-scripts --lockfile-version 2"
# A range of versions, a tag, or another name for a package of the registry; every other form is a path or an address.
RANGE = re.compile(r"(npm:(@[\w.~-]+/)?[\w.~-]+@)?[\w.~^<>=|*+ -]*")
SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def check_lock(lock: Path) -> None:
    """Raises BuildFailed that names every package which must not be there, and what to do."""
    try:
        document = json.loads(lock.read_text("utf-8"))
        asked = json.loads(lock.with_name("package.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuildFailed(f"{lock} and the package.json beside it are no JSON: {error}") from error
    found = document.get("lockfileVersion")
    problems = (
        [f"lockfileVersion is {found!r}, which npm 6 of Node.js 14 cannot read: it must be {LOCKFILE_VERSION}"]
        if found != LOCKFILE_VERSION
        else [*_of_root("package.json", asked), *_of_packages(document), *_of_dependencies(document)]
    )
    if problems:
        words = "\n".join(f"  {problem}" for problem in problems)
        raise BuildFailed(f"{lock} must name packages of the registry by checksum. Mend, then `{RENEW}`:\n{words}")


def _of_root(name: str, root: Mapping[str, Any]) -> Iterator[str]:
    if "workspaces" in root:
        yield f"{name}: workspaces are folders of this machine: publish them, or leave them out"
    yield from _bundled(name, root)
    for section in SECTIONS:
        for package, wanted in root.get(section, {}).items():
            if not RANGE.fullmatch(wanted):
                yield f"{package}: {name} asks for {wanted!r}: name a version of the registry instead"


def _of_packages(document: Mapping[str, Any]) -> Iterator[str]:
    for path, entry in document.get("packages", {}).items():
        name = path.rpartition("node_modules/")[2]
        if path == "":
            yield from _of_root("package-lock.json", entry)
        elif entry.get("link"):
            yield f"{name}: a link to {entry.get('resolved')!r}: name a version of the registry instead"
        elif "node_modules/" not in path:
            yield f"{path}: a folder of this machine: publish it, or leave it out"
        else:
            yield from _bundled(name, entry)
            yield from _of_entry(name, entry)


def _of_dependencies(document: Mapping[str, Any]) -> Iterator[str]:
    """What npm 6 would read: the same packages, written another way."""
    for name, entry in document.get("dependencies", {}).items():
        if not RANGE.fullmatch(entry.get("version", "")):
            yield f"{name}: comes from {entry.get('version')!r}: name a version of the registry instead"
        elif entry.get("bundled"):
            yield f"{name}: is bundled by another package, without a checksum: choose a version that bundles nothing"
        else:
            yield from _of_entry(name, entry)
        yield from _of_dependencies(entry)


def _of_entry(name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    if entry.get("inBundle"):
        yield f"{name}: is bundled by another package, without a checksum: choose a version that bundles nothing"
    elif "resolved" in entry:
        yield f"{name}: comes from {entry['resolved']!r}: a lock names no address (omit-lockfile-registry-resolved)"
    elif not str(entry.get("integrity", "")).startswith("sha512-"):
        yield f"{name}: has no sha512 integrity: whatever the registry sends would be taken"


def _bundled(name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    if entry.get("bundleDependencies") or entry.get("bundledDependencies"):
        yield f"{name}: bundles its dependencies, without checksums: choose a version that bundles nothing"
