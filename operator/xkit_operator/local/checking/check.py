"""All findings about a project, sorted by place: what `xkit check` prints."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.api.destination import Destination
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.errors import NodeNotFound
from xkit_operator.local.checking.duplicates import duplicates
from xkit_operator.local.checking.functions import syntax_findings
from xkit_operator.local.checking.mappings import mapping_findings
from xkit_operator.local.checking.objects import read_object, readable_functions
from xkit_operator.local.checking.references import reference_findings
from xkit_operator.local.finding import Finding
from xkit_operator.local.functions import FunctionSource, functions_of
from xkit_operator.local.manifest import KINDS, Manifest
from xkit_operator.local.project import Project


@dataclass(frozen=True)
class Checked:
    """What was found, and how much was looked at."""

    findings: tuple[Finding, ...]
    files: int
    objects: int


async def check(project: Project, node: Callable[[], Path] | None) -> Checked:
    """Judge everything in `project`. `node` finds Node.js once a function has to be parsed; None: none is.

    Raises BuildFailed when the Node.js that was found does not work.
    """
    findings = list(project.findings)
    ours = [one for one in project.manifests if one.kind in KINDS]
    findings += duplicates(ours)
    mappings: list[tuple[Manifest, SourceMapping]] = []
    by_key: dict[tuple[str, str], Destination | None] = {}
    for manifest in ours:
        model, faults = read_object(manifest)
        findings += faults
        if isinstance(model, SourceMapping):
            mappings.append((manifest, model))
        elif manifest.kind == "Destination":
            by_key[manifest.namespace, manifest.name] = model
            findings += reference_findings(project, manifest, model) if model else []
    functions, missing = _functions(project)
    findings += missing
    findings += mapping_findings(mappings, by_key)
    if functions and node is not None:
        findings += await _syntax(functions, node)
    return Checked(tuple(sorted(set(findings))), len(project.files), len(ours))


def _functions(project: Project) -> tuple[list[FunctionSource], list[Finding]]:
    """The functions of all Destinations, even of one that has a fault elsewhere."""
    found: list[FunctionSource] = []
    missing: list[Finding] = []
    for manifest in project.of_kind("Destination"):
        functions = readable_functions(manifest)
        if functions is not None:
            here, absent = functions_of(project, manifest, functions)
            found += here
            missing += absent
    return found, missing


async def _syntax(functions: Sequence[FunctionSource], node: Callable[[], Path]) -> list[Finding]:
    try:
        found = node()
    except NodeNotFound as error:
        return [Finding(functions[0].place(1, 1), error.code, f"functions are not parsed: {error}")]
    return await syntax_findings(functions, found)
