"""What a layer brings: its Debian packages, npm packages and Python distributions, by the records that they carry.

Read from the files of a layer before it is packed, so it tells what went in, not what was asked for.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import Literal, TypeAlias

from xkit_operator.image.build.debian import STATUS

Kind: TypeAlias = Literal["deb", "npm", "pypi"]
LICENCE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, order=True)
class Component:
    """A piece of foreign or own software; paths are those in the image, without the leading slash."""

    kind: Kind
    name: str
    version: str
    licence: str = ""
    """As the component declares it, which need not be an SPDX expression."""
    licence_files: tuple[str, ...] = ()
    source: str = ""
    """The Debian source package and its version."""
    sha256: str = ""


def inventory(root: Path) -> list[Component]:
    """The components below `root`, sorted."""
    return sorted([*_debian(root), *_npm(root), *_python(root)])


def _debian(root: Path) -> Iterator[Component]:
    for path in (root / STATUS).glob("*"):
        control = HeaderParser().parsestr(path.read_text("utf-8"))
        name, version = control["Package"], control["Version"]
        # "Source: glibc (2.36-9)": the version only where it differs from the package's
        source, _, other = control.get("Source", name).partition(" ")
        yield Component(
            kind="deb",
            name=name,
            version=version,
            # may be a link into a lower layer, so nobody looks here whether it leads somewhere
            licence_files=(f"usr/share/doc/{name}/copyright",),
            source=f"{source} {other.strip('()') or version}",
            sha256=control["SHA256"],
        )


def _npm(root: Path) -> Iterator[Component]:
    modules = [path for path in root.rglob("node_modules/**/package.json") if _is_package(path.parent)]
    for path in [*modules, *root.glob("opt/*/package.json")]:
        facts = json.loads(path.read_text("utf-8"))
        candidates = [file for file in path.parent.iterdir() if file.is_file()]
        own = [file for file in candidates if LICENCE.match(file.name)]
        readme = [file for file in candidates if file.name.lower() == "readme.md"]
        yield Component(
            kind="npm",
            name=facts["name"],
            version=facts["version"].removeprefix("v"),
            licence=str(facts.get("license", "")),
            licence_files=_relative(root, own or readme),
        )


def _is_package(folder: Path) -> bool:
    above = folder.parent
    return above.name == "node_modules" or (above.name.startswith("@") and above.parent.name == "node_modules")


def _python(root: Path) -> Iterator[Component]:
    for path in root.rglob("*.dist-info/METADATA"):
        metadata = HeaderParser().parsestr(path.read_text("utf-8"))
        files = [file for file in path.parent.rglob("*") if file.is_file() and LICENCE.match(file.name)]
        declared = str(metadata.get("License-Expression") or metadata.get("License") or "")
        yield Component(
            kind="pypi",
            name=metadata["Name"],
            version=metadata["Version"],
            licence=declared.strip().partition("\n")[0],
            licence_files=_relative(root, files),
        )


def _relative(root: Path, files: list[Path]) -> tuple[str, ...]:
    return tuple(sorted(file.relative_to(root).as_posix() for file in files))
