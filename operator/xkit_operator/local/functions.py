"""The source of each function of a Destination, and where it stands: in the manifest, in a ConfigMap, or in a file.

The rule for `sourceFrom: {configMapKeyRef: {name: N, key: K}}`: a ConfigMap N among the files of the project is read
first; without one, the file `functions/K` beside the manifest. So one manifest serves both those who make the
ConfigMap (with kustomize, say) and those who have `xkit render` put the files into the manifest.
"""

from dataclasses import dataclass
from pathlib import Path

from xkit_operator.api.destination import Function, Functions, KeyRef, Operation
from xkit_operator.errors import SpecError
from xkit_operator.local.finding import Finding, Level, Place
from xkit_operator.local.manifest import Manifest
from xkit_operator.local.project import Project
from xkit_operator.reconcile.references.texts import read_function

FOLDER = "functions"


@dataclass(frozen=True)
class FunctionSource:
    """One function. `standing` is where its text begins: a field of a manifest, or a file."""

    operation: Operation
    function: Function
    text: str
    standing: tuple[Manifest, tuple[str, ...]] | Path

    def place(self, line: int, column: int) -> Place:
        """Where a line and a column of the text are."""
        if isinstance(self.standing, Path):
            return Place(self.standing, line, column)
        manifest, field = self.standing
        return manifest.text_place(field, line, column)


def functions_of(
    project: Project, manifest: Manifest, functions: Functions
) -> tuple[list[FunctionSource], list[Finding]]:
    """Those of `functions`, of the Destination in `manifest`, whose source is here; a finding for each other."""
    read = [_read(project, manifest, operation, function) for operation, function in functions.given().items()]
    return [one for one in read if isinstance(one, FunctionSource)], [one for one in read if isinstance(one, Finding)]


def file_of(manifest: Manifest, reference: KeyRef) -> Path:
    """The file that stands for the key of a ConfigMap which is not in the project."""
    return manifest.path.parent / FOLDER / reference.key


def _read(project: Project, manifest: Manifest, operation: Operation, function: Function) -> FunctionSource | Finding:
    field = ("spec", "functions", operation)
    if function.source_from is None:
        return FunctionSource(operation, function, function.source or "", (manifest, (*field, "source")))
    reference = function.source_from.config_map_key_ref
    place = manifest.place((*field, "sourceFrom"))
    config_map = project.find("ConfigMap", namespace=manifest.namespace, name=reference.name)
    file = file_of(manifest, reference)
    if config_map is None and not file.is_file():
        message = (
            f"functions.{operation}: neither a ConfigMap {reference.name} nor the file {FOLDER}/{reference.key}"
            " is here, so this function is not looked at"
        )
        return Finding(place, "ConfigMapNotFound", message, Level.WARNING)
    standing: tuple[Manifest, tuple[str, ...]] | Path = file
    try:
        if config_map is not None:
            standing, data = (config_map, ("data", reference.key)), config_map.value
        else:
            data = {"data": {reference.key: file.read_text("utf-8")}}
        text = read_function({reference.name: data}, reference, f"functions.{operation}")
    except SpecError as error:
        return Finding(place, error.code, str(error))
    except (OSError, UnicodeDecodeError) as error:
        return Finding(Place(file), "Unreadable", f"cannot be read as a text in UTF-8: {error}")
    return FunctionSource(operation, function, text, standing)
