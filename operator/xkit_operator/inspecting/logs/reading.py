"""The log of a Destination as a whole: what was written until now, and, where that is asked for, all that follows."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from xkit_operator.errors import ApiNotFound, ApiRefused
from xkit_operator.inspecting.asking import destination
from xkit_operator.inspecting.facts import destination_facts
from xkit_operator.inspecting.logs.container import Container, Extent, Instance, instances
from xkit_operator.inspecting.logs.following import Following
from xkit_operator.inspecting.logs.line import Line
from xkit_operator.inspecting.logs.merging import merged
from xkit_operator.inspecting.logs.pods import Note, pods_of
from xkit_operator.kube.client import Cluster, Object


class Reading:
    """Of the Destination `name`; of one `container` of its Pods, or of both."""

    def __init__(self, cluster: Cluster, namespace: str, name: str, container: str | None, note: Note) -> None:
        self._cluster = cluster
        self._namespace = namespace
        self._name = name
        self._container = container
        self._note = note

    async def until_now(self, extent: Extent) -> AsyncGenerator[Line, None]:
        """Yield what is there. Raises ClusterError; ApiNotFound also where there is no Pod that has started."""
        obj = await destination(self._cluster, self._namespace, self._name)
        started = await self._started()
        if not started:
            raise ApiNotFound(f"no Pod of {self._name} has started: {_why(obj)}")
        async for line in self._written(started, extent):
            yield line

    async def follow(self, extent: Extent) -> AsyncGenerator[Line, None]:
        """Yield what is there and what is written then, until closed. Raises ClusterError."""
        obj = await destination(self._cluster, self._namespace, self._name)
        started = await self._started()
        if not started:
            self._note(f"waiting: no Pod of {self._name} has started: {_why(obj)}")
        async for line in self._written(started, extent):
            yield line
        following = Following(self._cluster, self._namespace, self._name, self._container, self._note)
        async with aclosing(following.lines(extent, started)) as lines:
            async for line in lines:
                yield line

    async def _started(self) -> list[Instance]:
        pods = await pods_of(self._cluster, self._namespace, self._name)
        return [one for pod in pods for one in instances(pod, self._container)]

    def _written(self, started: list[Instance], extent: Extent) -> AsyncIterator[Line]:
        return merged(self._lines(one.container, extent) for one in started)

    async def _lines(self, container: Container, extent: Extent) -> AsyncIterator[Line]:
        try:
            async for line in container.lines(self._cluster, extent):
                yield line
        except (ApiNotFound, ApiRefused) as error:  # it went, or was replaced, between the two requests
            self._note(f"{container.pod} {container.name}: {error}")


def _why(obj: Object) -> str:
    verdict = destination_facts(obj, ()).verdict
    return f"Ready is {verdict.ready}, {verdict.reason}" + (f": {verdict.message}" if verdict.message else "")
