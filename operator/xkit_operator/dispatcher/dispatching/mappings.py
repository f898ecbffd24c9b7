"""The mappings of this Destination, compiled: which one a record goes through, by its operation and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xkit_operator.dispatcher.intake.records import Record
from xkit_operator.dispatcher.intake.refusals import no_function, not_mapped
from xkit_operator.dispatcher.outcomes.reply import Reply
from xkit_operator.mapping.compile import CompiledMapping, compile_mapping

if TYPE_CHECKING:
    from xkit_operator.api.destination import Input, Operation
    from xkit_operator.api.runner import RunnerConfiguration
    from xkit_operator.api.sourcemapping import SourceMappingSpec


@dataclass(frozen=True, slots=True)
class ServedMapping:
    """A mapping for records of one operation."""

    name: str
    spec: SourceMappingSpec
    inputs: tuple[Input, ...]
    """What the function of the operation needs, in declared order."""
    resolve: CompiledMapping


class Mappings:
    """All mappings that are served; for each operation one of its own, since a delete may need fewer inputs."""

    def __init__(self, configuration: RunnerConfiguration) -> None:
        """Raises InvalidSpec when one does not compile; the operator serves none of that kind."""
        self._by_source: dict[tuple[Operation, str, str | None], ServedMapping] = {
            (operation, mapping.spec.source.slug, mapping.spec.source.object): ServedMapping(
                mapping.name, mapping.spec, inputs, compile_mapping(mapping.spec, inputs)
            )
            for operation in configuration.operations
            for inputs in (configuration.inputs_of(operation),)
            for mapping in configuration.mappings
        }
        self._operations = frozenset(configuration.operations)
        self.slugs = frozenset(mapping.spec.source.slug for mapping in configuration.mappings)

    def find(self, record: Record) -> ServedMapping | Reply:
        """The mapping that `record` goes through, or the answer to one that has none."""
        source = record.source
        found = self.choose(record.operation, source["slug"], source.get("object"))
        if found is not None:
            return found
        return not_mapped(record) if record.operation in self._operations else no_function(record)

    def choose(self, operation: Operation, slug: str, kind: str | None) -> ServedMapping | None:
        """The mapping for this kind of record, else the one for all other kinds of the same source."""
        return self._by_source.get((operation, slug, kind)) or self._by_source.get((operation, slug, None))
