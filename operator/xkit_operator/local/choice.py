"""The one Destination that a local command works on, with the SourceMappings that point at it, as models.

Commands that run something need objects without errors; `xkit check` is for the others.
"""

from dataclasses import dataclass

from xkit_operator.api.destination import Destination
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.errors import InvalidProject
from xkit_operator.local.manifest import Manifest
from xkit_operator.local.project import Project


@dataclass(frozen=True)
class Chosen:
    """`mappings` are in the order of the files; whether they fit has not been asked."""

    manifest: Manifest
    destination: Destination
    mappings: tuple[SourceMapping, ...]


def choose(project: Project, name: str | None = None) -> Chosen:
    """The Destination called `name`, or the only one.

    Raises InvalidProject when there is none, when there are several, and for what cannot be read; InvalidSpec for an
    object that breaks a rule.
    """
    if project.errors:
        raise InvalidProject("; ".join(map(str, project.errors)))
    manifest = _manifest(project.of_kind("Destination"), name)
    destination = Destination.parse(manifest.value)
    pointing = [one for one in project.of_kind("SourceMapping") if _points_at(one, manifest)]
    return Chosen(manifest, destination, tuple(SourceMapping.parse(one.value) for one in pointing))


def _manifest(there: list[Manifest], name: str | None) -> Manifest:
    names = ", ".join(sorted({one.name for one in there})) or "none"
    found = [one for one in there if name in (None, one.name)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidProject(f"there is no Destination {name or ''} here".replace("  ", " ") + f"; there is {names}")
    raise InvalidProject(f"there are several Destinations here ({names}): say which one with --destination")


def _points_at(mapping: Manifest, destination: Manifest) -> bool:
    spec = mapping.value.get("spec")
    reference = spec.get("destinationRef") if isinstance(spec, dict) else None
    name = reference.get("name") if isinstance(reference, dict) else None
    return (mapping.namespace, name) == (destination.namespace, destination.name)
