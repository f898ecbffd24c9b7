"""Objects that stand in the project twice: kubectl would apply both, and only the last would be left."""

from collections.abc import Iterable, Iterator

from xkit_operator.local.finding import Finding
from xkit_operator.local.manifest import Manifest


def duplicates(manifests: Iterable[Manifest]) -> Iterator[Finding]:
    """A finding for each object whose kind, namespace and name an earlier one has."""
    first: dict[tuple[str, str, str], Manifest] = {}
    for one in manifests:
        earlier = first.setdefault((one.kind, one.namespace, one.name), one)
        if earlier is not one and one.name:
            message = (
                f"{one.kind} {one.name} stands at {earlier.place()}, too: only the one that is applied last is left"
            )
            yield one.finding(("metadata", "name"), "DuplicateObject", message)
