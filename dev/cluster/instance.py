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

from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import Cluster

_DYING_SECONDS = 15.0
_GRACE_SECONDS = 8.0


@dataclass(frozen=True)
class Instance:
    """PID 1 of the cluster as the host sees it; `since` is the wall clock time of its start."""

    pid: int
    started: str
    since: float


def stat_fields(stat: str) -> tuple[str, str]:
    """State letter and start time (in ticks since boot) out of the text of /proc/PID/stat."""
    # the second field, the program's name in parentheses, may itself hold spaces and parentheses
    fields = stat.rsplit(")", 1)[1].split()
    return fields[0], fields[19]


def record(cluster: Cluster, pid: int) -> None:
    """Remember `pid` as the supervisor of `cluster`. Raises ClusterProblem when it has ended already."""
    found = _stat(pid)
    if found is None:
        raise ClusterProblem(f"the supervisor ended at once; see {cluster.logs}/supervisor.log")
    _file(cluster).write_text(json.dumps({"pid": pid, "started": found[1], "since": time.time()}))


def running(cluster: Cluster) -> Instance | None:
    """The supervisor, or None; waits for one that is dying, since its ports and cgroups are free only after that."""
    try:
        instance = Instance(**json.loads(_file(cluster).read_text()))
    except FileNotFoundError:
        return None
    if not _lives(instance):
        return None
    if _command_line(instance.pid):
        return instance
    # no command line: its memory is gone, and it waits for the processes of its namespace to end
    deadline = time.monotonic() + _DYING_SECONDS
    while _lives(instance) and time.monotonic() < deadline:
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


def _stat(pid: int) -> tuple[str, str] | None:
    try:
        return stat_fields(Path(f"/proc/{pid}/stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _lives(instance: Instance) -> bool:
    found = _stat(instance.pid)
    return found is not None and found[0] != "Z" and found[1] == instance.started
