"""The running supervisor of a cluster, found again by later commands, and ended by `down`.

A process id alone could belong to somebody else by now; together with its start time it cannot.
"""

import json
import os
import select
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from dev.cluster.atomic import write_text
from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import Cluster

_DYING_SECONDS = 15.0
_GRACE_SECONDS = 8.0
_EXITING = 0x4  # PF_EXITING in the kernel's include/linux/sched.h


@dataclass(frozen=True)
class Instance:
    """PID 1 of the cluster as the host sees it; `since` is the wall clock time of its start."""

    pid: int
    started: str
    since: float


@dataclass(frozen=True)
class Stat:
    """What /proc/PID/stat says of a process."""

    ended: bool  # a zombie: its parent has yet to collect it
    exiting: bool
    started: str  # ticks since boot

    @classmethod
    def parse(cls, text: str) -> "Stat":
        """Read the text of the file."""
        # the second field, the program's name in parentheses, may itself hold spaces and parentheses
        fields = text.rsplit(")", 1)[1].split()
        return cls(ended=fields[0] in "ZX", exiting=bool(int(fields[6]) & _EXITING), started=fields[19])


def record(cluster: Cluster, pid: int) -> None:
    """Remember `pid` as the supervisor of `cluster`. Raises ClusterProblem when it has ended already."""
    found = _stat(pid)
    if found is None:
        raise ClusterProblem(f"the supervisor ended at once; see {cluster.logs}/supervisor.log")
    write_text(_file(cluster), json.dumps({"pid": pid, "started": found.started, "since": time.time()}))


def running(cluster: Cluster) -> Instance | None:
    """The supervisor, or None; waits for one that is dying, since its ports and cgroups are free only after that."""
    try:
        instance = Instance(**json.loads(_file(cluster).read_text()))
    except FileNotFoundError:
        return None
    # PID 1 of a namespace stays while it waits for the other processes there to end
    deadline = time.monotonic() + _DYING_SECONDS
    while (found := _stat(instance.pid)) and found.started == instance.started and not found.ended:
        if not found.exiting:
            return instance
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return None


def stop(cluster: Cluster) -> None:
    """End the supervisor, kindly at first. Returns when the last process of its namespace has ended."""
    instance = running(cluster)
    if instance:
        descriptor = os.pidfd_open(instance.pid)
        try:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            signal.pidfd_send_signal(descriptor, signal.SIGTERM)
            if not poll.poll(_GRACE_SECONDS * 1000):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
                poll.poll(_DYING_SECONDS * 1000)
        finally:
            os.close(descriptor)
    _file(cluster).unlink(missing_ok=True)


def _file(cluster: Cluster) -> Path:
    return cluster.state / "supervisor.json"


def _stat(pid: int) -> Stat | None:
    try:
        return Stat.parse(Path(f"/proc/{pid}/stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None
