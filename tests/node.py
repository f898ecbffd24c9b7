"""The processes of the embedded cluster, found below its supervisor, and what can befall them."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from dev.cluster import instance
from dev.cluster.identity import Cluster, state_directory


class Node:
    """Of the cluster `name`. Whatever ends is started again by the supervisor within a second."""

    def __init__(self, name: str) -> None:
        cluster = Cluster.load(state_directory(name))
        running = instance.running(cluster) if cluster else None
        assert running is not None, f"the cluster {name} is down"
        self._supervisor = running.pid

    def kill(self, program: str) -> None:
        """kill -9 to the component whose command line names `program`."""
        os.kill(self._find(program), signal.SIGKILL)

    @contextlib.contextmanager
    def without(self, program: str) -> Iterator[None]:
        """Kill it, and let nobody start it again before the end."""
        os.kill(self._supervisor, signal.SIGSTOP)
        try:
            self.kill(program)
            yield
        finally:
            os.kill(self._supervisor, signal.SIGCONT)

    @contextlib.contextmanager
    def frozen(self, program: str) -> Iterator[None]:
        """Have it do nothing meanwhile."""
        process = self._find(program)
        os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process, signal.SIGCONT)

    def _find(self, program: str) -> int:
        for found in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # ended meanwhile
                parent = (found / "stat").read_text().rpartition(")")[2].split()[1]
                words = (found / "cmdline").read_text().split("\0")
                if int(parent) == self._supervisor and program in words:
                    return int(found.name)
        raise AssertionError(f"{program} does not run")
