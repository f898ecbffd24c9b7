"""The SourceMappings that point at a Destination: read, judged elsewhere, and told what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xkit_operator.api.conditions import ConditionType, Reason, find_condition
from xkit_operator.api.sourcemapping import SourceMapping, SourceMappingStatus
from xkit_operator.engine.together import together
from xkit_operator.errors import InvalidSpec
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.events import EventRecorder
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex, destination_of
from xkit_operator.reconcile.mappings.selection import Verdict
from xkit_operator.reconcile.reporting.announce import announce_ready
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.reporting.writing import status_of, write_status
from xkit_operator.reconcile.sourcemapping import Serving, judged, refused, undecided


@dataclass(frozen=True)
class Pointing:
    """One SourceMapping as read, and what it means: a model, or why it has no meaning."""

    obj: Object
    mapping: SourceMapping | InvalidSpec

    @property
    def name(self) -> str:
        """Its name."""
        name: str = self.obj["metadata"]["name"]
        return name


async def read_pointing(cluster: Cluster, index: MappingIndex, destination: Key) -> list[Pointing]:
    """Those that exist and point at `destination` now. Raises ClusterError."""
    keys = index.mappings_of(destination)
    read = await together(*(cluster.recall("SourceMapping", namespace=key.namespace, name=key.name) for key in keys))
    found = []
    for obj in read:
        if obj is not None and "deletionTimestamp" not in obj["metadata"] and destination_of(obj) == destination:
            cluster.versions.saw("SourceMapping", obj)
            found.append(Pointing(obj, _parse(obj)))
    return found


def readable(pointing: Iterable[Pointing]) -> list[SourceMapping]:
    """Those that can be judged."""
    return [one.mapping for one in pointing if isinstance(one.mapping, SourceMapping)]


async def report_verdicts(
    cluster: Cluster,
    events: EventRecorder,
    pointing: Sequence[Pointing],
    verdicts: Iterable[Verdict],
    serving: Serving | None,
    wait: Problem,
    now: str,
    *,
    moments: bool,
) -> None:
    """Write the status of each, and an Event where it is news; those to be served and not yet `wait`.

    While that is a matter of `moments`, a new one is spared a status that would be over at once. Raises ClusterError.
    """
    by_name = {verdict.mapping.metadata.name: verdict for verdict in verdicts}

    async def tell(one: Pointing) -> None:
        before = status_of(SourceMappingStatus, one.obj)
        after = _status(before, one, by_name.get(one.name), serving, wait, now)
        if moments and not before.conditions and _waits(after):
            return
        written = await write_status(cluster, one.obj, after)
        if written is not None:
            cluster.versions.saw("SourceMapping", written)
            await announce_ready(events, one.obj, before=before, after=after)

    await together(*map(tell, pointing))


def _status(
    before: SourceMappingStatus,
    one: Pointing,
    verdict: Verdict | None,
    serving: Serving | None,
    wait: Problem,
    now: str,
) -> SourceMappingStatus:
    generation = one.obj["metadata"]["generation"]
    if isinstance(one.mapping, InvalidSpec):
        return refused(before, generation, Problem.of(one.mapping), now)
    if verdict is None:
        return undecided(before, generation, now)
    return judged(before, verdict, serving, wait, now)


def _waits(status: SourceMappingStatus) -> bool:
    ready = find_condition(status.conditions, ConditionType.READY)
    return ready is not None and ready.reason == Reason.PENDING


def _parse(obj: Object) -> SourceMapping | InvalidSpec:
    try:
        return SourceMapping.parse(obj)
    except InvalidSpec as error:
        return error
