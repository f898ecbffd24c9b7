"""Whether SourceMappings fit their Destinations, and which of several for one source serves, by the operator's code.

Files have no age, so the order of two for one source is not known here: both are named, and one must go.
"""

from collections.abc import Iterator, Mapping, Sequence

from xkit_operator.api.destination import Destination
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.local.finding import Finding, Level
from xkit_operator.local.manifest import Manifest
from xkit_operator.mapping.fit import fit, unmapped, warnings
from xkit_operator.reconcile.mappings.selection import select, source_title

Pair = tuple[Manifest, SourceMapping]


def mapping_findings(
    mappings: Sequence[Pair], destinations: Mapping[tuple[str, str], Destination | None]
) -> Iterator[Finding]:
    """What the operator would say of `mappings`.

    `destinations` are all that there are, by namespace and name; None is one that cannot be read.
    """
    pointing: dict[tuple[str, str], list[Pair]] = {}
    for manifest, mapping in mappings:
        yield from _looks(manifest, mapping)
        key = (manifest.namespace, mapping.spec.destination_ref.name)
        if key in destinations:
            pointing.setdefault(key, []).append((manifest, mapping))
        else:
            message = f"there is no Destination {key[1]} here, so whether this mapping fits is not known"
            place = manifest.place(("spec", "destinationRef", "name"))
            yield Finding(place, "DestinationNotFound", message, Level.WARNING)
    for key, pairs in pointing.items():
        destination = destinations[key]
        if destination is not None:
            yield from _fit(destination, pairs)
            yield from _conflicts(destination, pairs)


def _looks(manifest: Manifest, mapping: SourceMapping) -> Iterator[Finding]:
    for index, entry in enumerate(mapping.spec.inputs):
        for message in warnings(mapping.spec.model_copy(update={"inputs": (entry,)})):
            yield Finding(manifest.place(("spec", "inputs", index)), "OddPointer", message, Level.WARNING)


def _fit(destination: Destination, pairs: Sequence[Pair]) -> Iterator[Finding]:
    for manifest, mapping in pairs:
        at = {entry.name: ("spec", "inputs", index) for index, entry in enumerate(mapping.spec.inputs)}
        for error in fit(mapping.spec, destination.spec):
            yield manifest.finding(at.get(error.input, ("spec", "inputs")), error.code.value, error.message)
        for name in unmapped(mapping.spec, destination.spec):
            message = f"input {name} has no entry and is always null: say `empty: {{}}` if that is meant"
            yield Finding(manifest.place(("spec", "inputs")), "UnmappedInput", message, Level.NOTE)


def _conflicts(destination: Destination, pairs: Sequence[Pair]) -> Iterator[Finding]:
    by_name = {mapping.metadata.name: manifest for manifest, mapping in pairs}
    for verdict in select(destination.spec, [mapping for _, mapping in pairs]):
        if verdict.older is not None:
            other, source = by_name[verdict.older], verdict.mapping.spec.source
            message = (
                f"SourceMapping {other.name} ({other.place()}) is for the same source"
                f" ({source_title(source.slug, source.object)}) of the same Destination: only the older one serves"
            )
            yield by_name[verdict.mapping.metadata.name].finding(("spec", "source"), "SourceConflict", message)
