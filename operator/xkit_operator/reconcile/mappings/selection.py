"""Which SourceMappings of a Destination serve: those that fit, and of several for one source the oldest.

Pure. The Destination's reconcile puts those into the runner's configuration and tells every other one why not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xkit_operator.api.destination import DestinationSpec
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.errors import MappingDoesNotFit, SourceConflict
from xkit_operator.mapping.fit import fit, unmapped, warnings
from xkit_operator.reconcile.reporting.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found about one SourceMapping; it serves when `problem` is None. `older` is who serves in its place."""

    mapping: SourceMapping
    problem: Problem | None
    older: str | None = None
    unmapped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def select(destination: DestinationSpec, mappings: Iterable[SourceMapping]) -> list[Verdict]:
    """Judge each of `mappings` against `destination` and against each other; the oldest comes first."""
    servers: dict[tuple[str, str | None], str] = {}
    return [_judge(destination, mapping, servers) for mapping in sorted(mappings, key=_age)]


def _judge(destination: DestinationSpec, mapping: SourceMapping, servers: dict[tuple[str, str | None], str]) -> Verdict:
    source = mapping.spec.source
    errors = fit(mapping.spec, destination)
    problem = older = None
    if errors:
        problem = Problem.of(MappingDoesNotFit("; ".join(error.message for error in errors)))
    else:
        server = servers.setdefault((source.slug, source.object), mapping.metadata.name)
        if server != mapping.metadata.name:
            older = server
            what = source_title(source.slug, source.object)
            message = f"SourceMapping {older} is older and serves the same source ({what})"
            problem = Problem.of(SourceConflict(message))
    return Verdict(
        mapping=mapping,
        problem=problem,
        older=older,
        unmapped=tuple(unmapped(mapping.spec, destination)),
        warnings=tuple(warnings(mapping.spec)),
    )


def source_title(slug: str, kind: str | None) -> str:
    """A source for people, such as `hubspot, object contact`."""
    return slug if kind is None else f"{slug}, object {kind}"


def _age(mapping: SourceMapping) -> tuple[str, str]:
    # RFC 3339 in UTC without fractions, as the API server writes it, sorts as text.
    return (mapping.metadata.creation_timestamp, mapping.metadata.name)
