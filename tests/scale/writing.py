"""The script once more, with all that the operator writes besides: images, the statuses of all three objects, Events.

What an operator takes beyond this is what it reads, watches and decides. Here nothing is read but which Pods are there.
The least that any operator of these kinds has to write is less: the last status of each object, and no Events.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tests.scale.applying import MANAGER, each
from tests.scale.fleet import SOURCES, Object, children, unit
from tests.scale.readiness import Tables
from tests.scale.site import NAMESPACE
from xkit_operator.api.conditions import Reason
from xkit_operator.api.destination import Destination, DestinationStatus
from xkit_operator.api.sourcemapping import SourceMapping, SourceMappingStatus
from xkit_operator.image.function import function_image, source_hash, tag_of
from xkit_operator.image.push import Pusher
from xkit_operator.image.runtime import Runtime
from xkit_operator.kube.client import Cluster
from xkit_operator.kube.events import EventRecorder
from xkit_operator.objects.configmap import runner_configuration
from xkit_operator.objects.labels import pod_selector
from xkit_operator.objects.service import url
from xkit_operator.reconcile.mappings.selection import select
from xkit_operator.reconcile.reporting.announce import announce_destination, announce_ready
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.reporting.status import Observation, destination_status
from xkit_operator.reconcile.reporting.writing import timestamp, write_status
from xkit_operator.reconcile.sourcemapping import Serving, judged

_AVAILABLE = {
    "observedGeneration": 1,
    "replicas": 1,
    "updatedReplicas": 1,
    "readyReplicas": 1,
    "availableReplicas": 1,
    "conditions": [{"type": "Available", "status": "True"}],
}
_LOOK_SECONDS = 0.5
_NOTHING = Problem(Reason.PENDING, "")  # that a mapping waits for


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """A Destination whose Pod is not there yet: both kinds of objects as they are now, and what is known of it."""

    destination: Object
    mappings: Sequence[Object]
    status: DestinationStatus
    seen: Observation


class Writer:
    """Writes Destinations by their numbers, with images on `runtime`; `least`: one status each, and no Events."""

    def __init__(
        self, cluster: Cluster, pusher: Pusher, runtime: Runtime, *, pull_host: str, dispatcher: str, least: bool
    ) -> None:
        self._cluster = cluster
        self._pusher = pusher
        self._runtime = runtime
        self._pull_host = pull_host
        self._dispatcher = dispatcher
        self._least = least
        self._events = EventRecorder(cluster, instance="script", now=_now)
        self._begun: dict[str, _Begun] = {}

    async def begin(self, number: int) -> None:
        """The objects, the image, the children, and the first status of the Destination."""
        obj, *mappings = [await self._cluster.apply(one, manager=MANAGER) for one in unit(number, NAMESPACE)]
        destination = Destination.parse(obj)
        image, source = await self._push(destination)
        *others, deployment = children(number, NAMESPACE, image=image, dispatcher_image=self._dispatcher)
        for one in others:
            await self._cluster.apply(one, manager=MANAGER)
        seen = Observation(
            generation=1,
            rewritten=True,
            deployment=await self._cluster.apply(deployment, manager=MANAGER),
            image=image,
            source_hash=source,
            runtime=f"{self._runtime.name}@{self._runtime.digest}",
            url=url(namespace=NAMESPACE, name=destination.metadata.name),
            selector=pod_selector(destination.metadata.name),
            sources=SOURCES,
        )
        status = DestinationStatus()
        written = obj
        if not self._least:
            written, status = await self._tell(obj, status, seen)
        self._begun[destination.metadata.name] = _Begun(
            destination=written, mappings=mappings, status=status, seen=seen
        )

    async def finish(self, available: Collection[str]) -> int:
        """What is to be said of those begun whose Deployments are `available`; how many that were."""
        names = [name for name in self._begun if name in available]
        await each([self._begun.pop(name) for name in names], self._finish)
        return len(names)

    async def _finish(self, begun: _Begun) -> None:
        assert begun.seen.deployment is not None
        deployment = begun.seen.deployment | {"status": _AVAILABLE}
        await self._tell(begun.destination, begun.status, replace(begun.seen, deployment=deployment, rewritten=False))
        destination = Destination.parse(begun.destination)
        verdicts = select(destination.spec, [SourceMapping.parse(one) for one in begun.mappings])
        serving = Serving(
            configuration=runner_configuration(destination, [verdict.mapping for verdict in verdicts]), everywhere=True
        )
        by_name = {verdict.mapping.metadata.name: verdict for verdict in verdicts}
        for obj in begun.mappings:
            before = SourceMappingStatus()
            after = judged(before, by_name[obj["metadata"]["name"]], serving, _NOTHING, timestamp(_now()))
            await write_status(self._cluster, obj, after)
            if not self._least:
                await announce_ready(self._events, obj, before=before, after=after)

    async def _tell(
        self, obj: Object, before: DestinationStatus, seen: Observation
    ) -> tuple[Object, DestinationStatus]:
        after = destination_status(before, seen, timestamp(_now()))
        written = await write_status(self._cluster, obj, after)
        assert written is not None
        if not self._least:
            await announce_destination(self._events, obj, before=before, after=after)
        return written, after

    async def _push(self, destination: Destination) -> tuple[str, str]:
        """Reference and source hash of its image, which is in the registry then."""
        functions = {"upsert": destination.spec.functions.upsert.source}
        source = source_hash(self._runtime.digest, functions)
        image = function_image(self._runtime, functions, {"upsert": "commonjs"}, labels={})
        repository = self._pusher.repository(namespace=NAMESPACE, name=destination.metadata.name)
        pushed = await self._pusher.push(self._runtime, image, repository=repository, tag=tag_of(source))
        return f"{self._pull_host}/{repository}@{pushed.digest}", source


async def write_all(writer: Writer, count: int, tables: Tables) -> None:
    """Write the first `count` Destinations, and what is to be said of each as soon as its Pod is there."""
    begun = asyncio.create_task(each(range(count), writer.begin))
    finished = 0
    while finished < count:
        await asyncio.sleep(_LOOK_SECONDS)
        if begun.done():
            begun.result()
        found = await tables.columns("Deployment", "Name", "Available")
        finished += await writer.finish({name for name, available in found if available == "1"})


def _now() -> datetime:
    return datetime.now(UTC)
