"""Who connects to the dispatcher's socket: the host or an executor, told apart by its hello.

Every frame arrives here and is passed on to the one it concerns; what breaks the protocol ends its connection.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from xkit_operator.dispatcher.executors.executor import Executor
from xkit_operator.dispatcher.executors.frames import Frame, FrameType
from xkit_operator.dispatcher.executors.link import Link
from xkit_operator.dispatcher.executors.messages import Exited, Fault, Hello, LoadFailed, Memory
from xkit_operator.dispatcher.executors.pool import Pool
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.errors import InvalidFrame

_TYPE = attrgetter("type")


class Reception:
    """The links that are open, and what each of them is."""

    def __init__(self, pool: Pool, *, folder: Path, timeout: float, configuration: bytes, log: Log) -> None:
        self._pool = pool
        self._folder = folder
        self._timeout = timeout
        self._configuration = configuration
        self._log = log
        self._links: set[Link] = set()
        self._host: Link | None = None
        self._executors: dict[Link, Executor] = {}
        self.node: str | None = None
        """Version of Node.js in the function container."""
        self.load_failure: str | None = None
        """What kept the functions from loading, the last time something did."""

    def new_link(self) -> Link:
        """The protocol for a connection that is being accepted."""
        link = Link(self)
        self._links.add(link)
        return link

    def configure(self, configuration: bytes) -> None:
        """Give all executors, those to come as well, another `configure` payload."""
        self._configuration = configuration
        for link in self._executors:
            link.send(FrameType.CONFIGURE, payload=configuration)

    def hang_up(self) -> None:
        """End every connection; the host takes it as its leave."""
        self._host = None  # that it goes now is no news
        for link in self._links:
            link.close()

    def received(self, link: Link, frames: Sequence[Frame]) -> None:
        """Act on frames; see LinkOwner."""
        for frame_type, row in groupby(frames, _TYPE):
            executor = self._executors.get(link)
            if executor is not None and frame_type == FrameType.RESULT:
                executor.results(row)
            else:
                for frame in row:
                    self._act_on(link, frame)

    def _act_on(self, link: Link, frame: Frame) -> None:
        executor = self._executors.get(link)
        if executor is not None:
            self._from_executor(executor, frame)
        elif link is self._host:
            self._from_host(frame)
        elif frame.type == FrameType.HELLO:
            self._hello(link, Hello.read(frame.payload))
        else:
            raise InvalidFrame(f"a frame of type {frame.type} came before hello")

    def lost(self, link: Link, fault: InvalidFrame | None) -> None:
        """Act on the end of a connection; see LinkOwner."""
        self._links.discard(link)
        if fault is not None:
            self._log.error("the function container broke the protocol", detail=str(fault))
        if link is self._host:
            self._host = None
            self._pool.host_lost()
        executor = self._executors.pop(link, None)
        if executor is not None:
            self._pool.lost(executor)

    def _hello(self, link: Link, hello: Hello) -> None:
        if hello.role == "host":
            self._host = link
            self.node = hello.node
            self._pool.host_arrived(link, executors=hello.executors)
            return
        if hello.executor is None:
            raise InvalidFrame("an executor without a name")
        name = hello.executor
        # The path is not taken from the other side: it must not lead the dispatcher anywhere else.
        progress_file = self._folder / f"progress-{name}"
        executor = Executor(link, self._pool, name=name, progress_file=progress_file, timeout=self._timeout)
        self._executors[link] = executor
        self._pool.joined(executor)
        link.send(FrameType.CONFIGURE, payload=self._configuration)

    def _from_executor(self, executor: Executor, frame: Frame) -> None:
        if frame.type == FrameType.PONG:
            executor.pong()
        elif frame.type == FrameType.READY:
            self.load_failure = None
            self._pool.ready(executor)
        elif frame.type == FrameType.FAULT:
            Fault.read(frame.payload)
            # Its message is the function's own, and may quote a record: it stands in the function container's log.
            self._log.error("an error that nobody awaited", executor=executor.name)
            self._pool.worn(executor)
        elif frame.type == FrameType.LOAD_FAILED:
            self._load_failed(LoadFailed.read(frame.payload))
        else:
            raise InvalidFrame(f"an executor sent a frame of type {frame.type}")

    def _from_host(self, frame: Frame) -> None:
        if frame.type == FrameType.EXITED:
            self._pool.exited(Exited.read(frame.payload))
        elif frame.type == FrameType.MEMORY:
            self._pool.hold(Memory.read(frame.payload).resident_bytes)
        elif frame.type == FrameType.LOAD_FAILED:
            self._load_failed(LoadFailed.read(frame.payload))
        else:
            raise InvalidFrame(f"the host sent a frame of type {frame.type}")

    def _load_failed(self, failed: LoadFailed) -> None:
        self.load_failure = f"{failed.operation}: {failed.message}"
        self._log.error("a function does not load", operation=failed.operation, detail=failed.message)
