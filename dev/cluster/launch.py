"""Starts the supervisor as PID 1 of new namespaces, in the cluster's cgroups. Called by `up`, with the cluster locked.

A child joins the cgroups, unshares and forks; its child is PID 1. That takes two forks, because a new PID namespace
begins with the next child, and the cgroup namespace takes the group of whoever makes it as its root.
"""

import os
import socket
import sys
from pathlib import Path

from dev.cluster import cgroups, kernel
from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import REPOSITORY, Cluster

_NAMESPACES = kernel.NEW_MOUNT | kernel.NEW_CGROUP | kernel.NEW_UTS | kernel.NEW_IPC | kernel.NEW_PID | kernel.NEW_NET


def launch(cluster: Cluster, sockets: list[socket.socket]) -> int:
    """Start the supervisor of `cluster`, which inherits `sockets`; returns its process id on the host."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _become_supervisor(cluster, [s.fileno() for s in sockets], writer)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        pid = pipe.read()
    os.waitpid(child, 0)
    if not pid:
        raise ClusterProblem(f"the namespaces could not be made; see {cluster.logs}/supervisor.log")
    return int(pid)


def _become_supervisor(cluster: Cluster, sockets: list[int], writer: int) -> None:
    try:
        os.setsid()
        os.chdir("/")
        _redirect(cluster.logs / "supervisor.log")
        cgroups.join(cluster.group)
        kernel.unshare(_NAMESPACES)
        pid = os.fork()
        if pid == 0:
            os.close(writer)
            for descriptor in sockets:
                os.set_inheritable(descriptor, True)
            environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
            arguments = [
                sys.executable,
                "-m",
                "dev.cluster.supervisor",
                str(cluster.state),
                ",".join(map(str, sockets)),
            ]
            os.execve(sys.executable, arguments, environment)  # noqa: S606 - our own interpreter
        os.write(writer, str(pid).encode())
    except OSError as error:
        print(f"supervisor: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(0)


def _redirect(log: Path) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
