"""One object of Kubernetes in a file: which kind it is of, what it says, and where it says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xkit_operator.api.group import API_VERSION, GROUP
from xkit_operator.local.document import Document
from xkit_operator.local.finding import Finding, Place

KINDS = ("Destination", "SourceMapping")
"""Our own."""
BESIDE = ("ConfigMap", "Secret")
"""What a Destination may refer to."""


@dataclass(frozen=True)
class Manifest:
    """An object of one of our kinds, or one that these may refer to. `field` leads to it in a document with a List."""

    kind: str
    value: dict[str, Any]
    document: Document
    field: tuple[int | str, ...] = ()

    @property
    def path(self) -> Path:
        """The file that it stands in."""
        return self.document.path

    @property
    def name(self) -> str:
        """Its name; empty when it has none that is a text."""
        return self._metadata("name")

    @property
    def namespace(self) -> str:
        """Its namespace; empty when the manifest leaves that to whoever applies it."""
        return self._metadata("namespace")

    def place(self, field: Sequence[int | str] = ()) -> Place:
        """Where `field` is, or the innermost part of the way there that exists."""
        return self.document.place((*self.field, *field))

    def text_place(self, field: Sequence[int | str], line: int, column: int) -> Place:
        """Where a line and a column of the text at `field` are in the file."""
        return self.document.text_place((*self.field, *field), line, column)

    def finding(self, field: Sequence[int | str], code: str, message: str) -> Finding:
        """An error at `field`."""
        return Finding(self.place(field), code, message)

    def _metadata(self, name: str) -> str:
        metadata = self.value.get("metadata")
        found = metadata.get(name) if isinstance(metadata, dict) else None
        return found if isinstance(found, str) else ""


def manifests_in(document: Document) -> Iterator[Manifest | Finding]:
    """The objects of a document that are ours to read, and what keeps one from being that.

    Objects of other kinds, and documents that are no objects of Kubernetes at all, are passed over without a word.
    """
    yield from _read(document, document.value, ())


def _read(document: Document, value: Any, field: tuple[int | str, ...]) -> Iterator[Manifest | Finding]:
    if not isinstance(value, dict):
        return
    version, kind = value.get("apiVersion"), value.get("kind")
    if version == "v1" and kind == "List" and isinstance(value.get("items"), list):
        for index, item in enumerate(value["items"]):
            yield from _read(document, item, (*field, "items", index))
    elif (version == API_VERSION and kind in KINDS) or (version == "v1" and kind in BESIDE):
        yield Manifest(kind, value, document, field)
    elif version is None and kind in KINDS:
        place = document.place((*field, "kind"))
        yield Finding(
            place, "InvalidManifest", f"apiVersion is missing: a {kind} begins with apiVersion: {API_VERSION}"
        )
    elif version == API_VERSION:
        known = " and ".join(KINDS)
        place = document.place((*field, "kind"))
        yield Finding(place, "UnknownKind", f"{API_VERSION} has the kinds {known}, and none of the name {kind}")
    elif isinstance(version, str) and version.startswith(f"{GROUP}/"):
        place = document.place((*field, "apiVersion"))
        yield Finding(place, "UnknownKind", f"this release knows {API_VERSION}, not {version}")
