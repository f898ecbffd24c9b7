"""The Node.js that local commands run functions with: the version of the runtime, or nothing.

Looked for where the user says (`--node`, $XKIT_NODE), else in the cache, where it is fetched to once, from npm, and
checked against the runtime's declaration.
"""

import json
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from xkit_operator.errors import NodeNotFound
from xkit_operator.image.build.cache import cache_directory
from xkit_operator.image.build.declaration import NodePart
from xkit_operator.local.npm import NpmFailed, npm
from xkit_operator.local.once import once
from xkit_operator.local.shipped import declaration

VARIABLE = "XKIT_NODE"
Report = Callable[[str], None]
"""Hears of what takes a while."""


def find_node(given: Path | None, environment: Mapping[str, str], report: Report) -> Path:
    """The Node.js binary. Raises NodeNotFound, which says how to get one."""
    part = declaration().node
    if given is not None:
        return _of_right_version(given, "--node", part)
    if environment.get(VARIABLE):
        return _of_right_version(Path(environment[VARIABLE]), f"${VARIABLE}", part)
    return _cached(part, report)


def _of_right_version(node: Path, said_by: str, part: NodePart) -> Path:
    wanted = _major(part.version)
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise NodeNotFound(f"{said_by} names {node}, which does not run ({error}): name a Node.js {wanted}") from error
    version = done.stdout.strip().removeprefix("v")
    if _major(version) != wanted:
        raise NodeNotFound(
            f"{said_by} names {node}, which is Node.js {version}; functions run on {part.version}:"
            f" name a Node.js {wanted}, or none, and it is fetched"
        )
    return node


def _cached(part: NodePart, report: Report) -> Path:
    package = part.package if (sys.platform, platform.machine()) == ("linux", "x86_64") else "node"

    def fetch(folder: Path) -> None:
        report(f"fetching Node.js {part.version} (some 30 MB, once)")
        # `node` fetches the binary of other machines in its install script; the others need none.
        scripts = () if package == "node" else ("--ignore-scripts",)
        npm("install", "--prefix", folder, "--no-save", *scripts, f"{package}@{part.version}")
        if package == part.package:
            _verify(folder, part)

    folder = cache_directory() / "node" / part.version
    try:
        node = once(folder, fetch) / "node_modules" / package / "bin" / "node"
    except (NpmFailed, OSError) as error:
        raise NodeNotFound(
            f"there is no Node.js {part.version} here, and it could not be fetched: {error}."
            f" Try again where npm reaches its registry, or name a Node.js {_major(part.version)} with --node or"
            f" ${VARIABLE}; copied from another machine, it belongs at {folder}"
        ) from error
    if not node.exists():
        raise NodeNotFound(f"{folder} holds no {node.relative_to(folder)}: remove that folder, and it is fetched again")
    return node


def _verify(folder: Path, part: NodePart) -> None:
    """npm has compared the archive with what its registry says; this compares that with what the runtime declares."""
    installed = json.loads((folder / "node_modules" / ".package-lock.json").read_text("utf-8"))
    found = installed["packages"][f"node_modules/{part.package}"]["integrity"]
    if found != part.integrity:
        raise NpmFailed(f"{part.package} {part.version} has the checksum {found}, and {part.integrity} is declared")


def _major(version: str) -> str:
    return version.partition(".")[0]
