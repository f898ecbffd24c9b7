"""Up, down and healing: what changes, what stays, and what is left on the machine."""

import contextlib
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dev.cluster import identity, ports
from tests.waiting import until

MOUNT_POINTS = ("/var/lib/containerd", "/var/lib/kubelet", "/var/lib/cni", "/var/log/pods", "/tmp/hostpath_pv")


def traces(name: str) -> dict[str, object]:
    """Everything on this machine that a cluster could leave behind."""
    group = f"xkit-{name}"
    state = f"/{name}/"
    return {
        "mounts": Path("/proc/self/mountinfo").read_text(),
        "interfaces": sorted(os.listdir("/sys/class/net")),
        "network namespaces": sorted(os.listdir("/run/netns")) if Path("/run/netns").exists() else [],
        "cgroups": [str(p) for p in Path("/sys/fs/cgroup").glob(f"*/{group}*")],
        "processes": [p for p in processes() if state in command_line(p)],
        # one that has ended (Z) stays listed until the machine's init collects it
        "members": [
            p for p in processes() if group in read(f"/proc/{p}/cgroup") and ") Z " not in read(f"/proc/{p}/stat")
        ],
        "directories": [path for path in MOUNT_POINTS if Path(path).exists()],
        "sysctls": [read(f"/proc/sys/{path}") for path in ("kernel/panic", "vm/overcommit_memory")],
    }


def processes() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def command_line(pid: str) -> str:
    return read(f"/proc/{pid}/cmdline")


def read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:  # a process that has ended since it was listed
        return ""


def component(cluster: Any, program: str) -> int:
    """The process id of a component, from what `status` lists; 0 while there is none."""
    lines = cluster.run("status", check=False).stdout.splitlines()
    return next((int(line.split()[0]) for line in lines if f" {program} " in f"{line} "), 0)


def test_a_second_up_leaves_everything_as_it_runs(cluster: Any) -> None:
    before = cluster.supervisor
    cluster.run("up")
    assert cluster.supervisor == before


@pytest.mark.parametrize("program", ["kube-apiserver", "network-policies"])
def test_a_killed_component_is_started_again(cluster: Any, program: str) -> None:
    before = until(f"{program} runs", lambda: component(cluster, program))
    os.kill(before, signal.SIGKILL)
    until("another process", lambda: component(cluster, program) not in (0, before))
    until("a healthy cluster", lambda: cluster.run("status", check=False).returncode == 0)


def test_up_heals_what_a_killed_supervisor_left(cluster: Any) -> None:
    cluster.kubectl("create", "configmap", "kept", "--from-literal=a=b")
    before = cluster.supervisor
    os.kill(before, signal.SIGKILL)
    cluster.run("up")
    assert cluster.supervisor != before
    assert cluster.kubectl("get", "configmap", "kept", "-o", "jsonpath={.data.a}") == "b"
    cluster.kubectl("delete", "configmap", "kept")


def test_up_ends_a_supervisor_that_an_interrupted_up_never_recorded(cluster: Any) -> None:
    before = cluster.supervisor
    Path(cluster.info["state"], "supervisor.json").unlink()
    cluster.run("up")
    assert cluster.supervisor != before
    assert ") Z " in (stat := read(f"/proc/{before}/stat")) or not stat


def test_a_cluster_comes_and_goes_without_a_trace_beside_another(cluster: Any, make_cluster: Callable[[], Any]) -> None:
    second = make_cluster()
    before = traces(second.name)
    second.run("up")
    assert set(second.info["nodePorts"]).isdisjoint(cluster.info["nodePorts"])
    cluster.kubectl("create", "namespace", "only-in-the-first")
    assert "only-in-the-first" not in second.kubectl("get", "namespaces")
    second.run("down")
    assert traces(second.name) == before
    assert cluster.run("status").returncode == 0
    # down and up again: the state was kept
    second.run("up")
    second.run("down", "--purge")
    assert not Path(second.info["state"]).exists()
    assert second.run("status", check=False).returncode == 3
    cluster.kubectl("delete", "namespace", "only-in-the-first", "--wait=false")


def test_up_takes_the_next_ports_when_its_own_are_in_use(make_cluster: Callable[[], Any]) -> None:
    with socket.socket() as taken:
        third = _wanting(taken, make_cluster)
        wanted = third.info["registry"]
        taken.listen()
        third.run("up")
    assert third.info["registry"] != wanted
    assert third.info["running"] is True
    third.run("down", "--purge")


def test_a_cluster_keeps_its_ports_and_says_what_to_do_when_they_are_taken(make_cluster: Callable[[], Any]) -> None:
    fourth = make_cluster()
    info = fourth.info
    state = Path(info["state"])
    state.mkdir(parents=True)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        recorded = identity.Cluster(fourth.name, state, _bound(taken, fourth.name), Path(info["bin"]))
        recorded.store()
        taken.listen()
        refused = fourth.run("up", check=False)
    assert refused.returncode == 1
    assert str(recorded.ports.api) in refused.stderr
    assert "down --purge" in refused.stderr


def _wanting(taken: socket.socket, make_cluster: Callable[[], Any]) -> Any:
    """A cluster whose first choice for its registry is the port that `taken` now has; others may have that of many."""
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for _ in range(ports.SLOTS):
        cluster = make_cluster()
        with contextlib.suppress(OSError):
            taken.bind(("127.0.0.1", int(cluster.info["registry"].removeprefix("localhost:"))))
            return cluster
    raise AssertionError("no port is free on this machine")


def _bound(taken: socket.socket, name: str) -> int:
    """A slot for a cluster of that name, of which `taken` now has the port that `up` asks for first."""
    for chosen in ports.slots(name):
        with contextlib.suppress(OSError):
            taken.bind(("127.0.0.1", ports.Ports.of_slot(chosen).all()[0]))
            return chosen
    raise AssertionError("no port is free on this machine")
