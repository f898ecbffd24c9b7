"""Everything that the files named at the command line hold: the one loader of all local commands.

Reading never fails as a whole: what cannot be read is a finding, and the rest is there.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.errors import InvalidProject
from xkit_operator.local.document import read_documents
from xkit_operator.local.finding import Finding, Level, Place
from xkit_operator.local.manifest import KINDS, Manifest, manifests_in
from xkit_operator.local.tree import STANDARD_INPUT, manifest_files


@dataclass(frozen=True)
class Project:
    """Manifests in the order of files and documents. `findings` are about what could not be read."""

    files: tuple[Path, ...]
    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...]

    def of_kind(self, kind: str) -> list[Manifest]:
        """Those of one kind: Destination, SourceMapping, ConfigMap or Secret."""
        return [one for one in self.manifests if one.kind == kind]

    def find(self, kind: str, *, namespace: str, name: str) -> Manifest | None:
        """The object of that name; the last one if there are several, as kubectl would leave it."""
        found = [one for one in self.of_kind(kind) if (one.namespace, one.name) == (namespace, name)]
        return found[-1] if found else None

    @property
    def errors(self) -> list[Finding]:
        """What must be mended before anything can be done with the project."""
        return [one for one in self.findings if one.level is Level.ERROR]


def load(paths: Iterable[Path]) -> Project:
    """Read all of `paths`: files, folders of YAML, and `-` for the standard input.

    Raises InvalidProject when they hold no Destination, no SourceMapping and nothing that tried to be one.
    """
    named = list(paths)
    files = manifest_files(named)
    manifests: list[Manifest] = []
    findings: list[Finding] = []
    for file in files:
        for one in _read(file):
            (manifests if isinstance(one, Manifest) else findings).append(one)  # type: ignore[arg-type]
    if not findings and not any(one.kind in KINDS for one in manifests):
        raise InvalidProject(_nothing(named, files))
    return Project(tuple(files), tuple(manifests), tuple(findings))


def _read(file: Path) -> list[Manifest | Finding]:
    try:
        text = sys.stdin.read() if file == STANDARD_INPUT else file.read_text("utf-8")
    except OSError as error:
        return [Finding(Place(file), "Unreadable", error.strerror or str(error))]
    except UnicodeDecodeError as error:
        return [Finding(Place(file), "InvalidYaml", f"is no text in UTF-8: byte {error.start} cannot be read as such")]
    documents, broken = read_documents(file, text)
    found: list[Manifest | Finding] = []
    for document in documents:
        here = list(manifests_in(document))
        found += here
        if here:  # what is wrong with the YAML of others is none of our business
            found += document.findings
    return [*found, *broken]


def _nothing(named: list[Path], files: list[Path]) -> str:
    places = ", ".join(map(str, named))
    counted = (
        f"the {len(files)} files of YAML hold none"
        if len(files) > 1
        else "its YAML holds none"
        if files
        else ("there is no file of YAML")
    )
    return (
        f"no Destination and no SourceMapping in {places} ({counted}): `xkit init NAME` writes a project to start from"
    )
