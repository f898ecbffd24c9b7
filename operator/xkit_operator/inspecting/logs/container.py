"""The log of one container: asked for as kubectl asks, and read line by line, from where an earlier reading ended."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from xkit_operator.inspecting.logs.line import Line, parsed
from xkit_operator.kube.client import Cluster
from xkit_operator.objects.pod import DISPATCHER, FUNCTION


@dataclass(frozen=True)
class Extent:
    """How far back to go: all of it, unless bounded."""

    seconds: int | None = None
    lines: int | None = None
    """Of each container."""

    def query(self) -> dict[str, str]:
        """As parameters of the API."""
        bounds = {"sinceSeconds": self.seconds, "tailLines": self.lines}
        return {name: str(value) for name, value in bounds.items() if value is not None}


@dataclass
class Container:
    """A container of a runner Pod, and the last line of it that was read."""

    namespace: str
    pod: str
    name: str
    stamp: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it apart from the other ones of its Destination."""
        return self.pod, self.name

    async def lines(self, cluster: Cluster, extent: Extent, *, follow: bool = False) -> AsyncIterator[Line]:
        """Yield the lines after the last one that was read; with `follow` until the container ends.

        Raises ApiNotFound when the Pod is gone, ApiRefused while the container has not started.
        """
        # The API forgets the parts of a second: what is repeated is passed over.
        start = {"sinceTime": self.stamp} if self.stamp else extent.query()
        query = {"container": self.name, "timestamps": "true", **start} | ({"follow": "true"} if follow else {})
        known, rest = self.stamp, b""
        async for piece in cluster.log(namespace=self.namespace, pod=self.pod, query=query):
            *whole, rest = (rest + piece).split(b"\n")
            for written in whole:
                line = parsed(written, pod=self.pod, container=self.name)
                if line.stamp > known:
                    self.stamp = line.stamp
                    yield line


@dataclass(frozen=True)
class Instance:
    """A run of a container: another one when it was restarted."""

    container: Container
    id: str
    is_running: bool


def instances(pod: dict[str, Any], name: str | None) -> list[Instance]:
    """The containers of a Pod that have started: dispatcher and function, or the one that is named."""
    metadata = pod["metadata"]
    found = []
    for status in pod.get("status", {}).get("containerStatuses", ()):
        if status["name"] not in ((name,) if name else (DISPATCHER, FUNCTION)):
            continue
        # One that waits to be restarted has a last run, whose log is the one that the API gives.
        started = "waiting" not in status.get("state", {}) or status.get("lastState")
        if started:
            container = Container(metadata["namespace"], metadata["name"], status["name"])
            found.append(Instance(container, status.get("containerID", ""), "running" in status.get("state", {})))
    return found
