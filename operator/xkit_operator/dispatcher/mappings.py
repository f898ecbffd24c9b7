"""The mappings of this Destination, compiled: which one a record goes through, by its source."""

from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.mapping.compile import CompiledMapping, compile_mapping


class Mappings:
    """All mappings that are served."""

    def __init__(self, configuration: RunnerConfiguration) -> None:
        """Raises InvalidSpec when one does not compile; the operator serves none of that kind."""
        self._by_source: dict[tuple[str, str | None], CompiledMapping] = {
            (mapping.spec.source.slug, mapping.spec.source.object): compile_mapping(mapping.spec, configuration.inputs)
            for mapping in configuration.mappings
        }
        self.slugs = frozenset(slug for slug, _ in self._by_source)

    def choose(self, slug: str, kind: str | None) -> CompiledMapping | None:
        """The mapping for this kind of record, else the one for all other kinds of the same source."""
        return self._by_source.get((slug, kind)) or self._by_source.get((slug, None))
