"""What this machine must have before a cluster can start: everything missing is found first, then told at once.

Called by `up` unless the cluster runs. Deciding is apart from looking, so that each message can be tested.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from dev.cluster import cgroups
from dev.cluster.errors import ClusterProblem
from dev.cluster.packages import install_command, missing_programs, plugin_directory, supply

MIB = 1 << 20
STATE_MIB = 3000
BUILD_MIB = 9000  # Go's module and build caches, and the programs
MEMORY_MIB = 1500
INOTIFY = 24  # containerd, kubelet and the others of a cluster take 16; without one they end, or see no change
# overlay snapshots cannot lie on these
UNSUITABLE = {"overlayfs", "fuseblk", "fuse", "nfs", "v9fs", "smb2", "ecryptfs"}
_SYSTEM_DIRECTORIES = ("/usr/local/sbin", "/usr/sbin", "/sbin")


@dataclass(frozen=True)
class Machine:
    """What was found on this machine."""

    programs: dict[str, str]  # those missing, with their packages
    plugins: Path | None
    overlay: bool
    namespaces: bool
    nat: bool
    queues: bool
    missing_controllers: set[str]
    inotify: int  # instances that can be opened still, as far as they are counted
    memory_mib: int
    state_mib: int
    state_filesystem: str
    cache_mib: int
    building: bool


def extend_path() -> None:
    """Let programs of /usr/sbin be found: not every root has it on PATH."""
    parts = os.environ.get("PATH", "").split(":")
    os.environ["PATH"] = ":".join([*parts, *(d for d in _SYSTEM_DIRECTORIES if d not in parts)])


def require_root(command: str) -> None:
    """Raises ClusterProblem for anybody else."""
    if sys.platform != "linux":
        raise ClusterProblem("a Linux kernel is needed; on a Mac or on Windows run this in a virtual machine or WSL 2")
    if os.geteuid() != 0:
        raise ClusterProblem(f"root is needed for namespaces and mounts: sudo python3 -m dev.cluster {command}")


def needed_packages(programs: dict[str, str], plugins: Path | None) -> set[str]:
    """The packages that have what is missing."""
    return set(programs.values()) | (set() if plugins else {"containernetworking-plugins"})


def complaints(machine: Machine) -> list[str]:
    """One line for each thing that keeps a cluster from starting, with what helps."""
    lines = [f"the program {program} is missing" for program in machine.programs]
    if machine.plugins is None:
        lines.append("the CNI plugins ptp, host-local, loopback and portmap are missing")
    packages = needed_packages(machine.programs, machine.plugins)
    if packages:
        lines.append(f"install what is missing (Debian, Ubuntu): {install_command(packages)}")
    if not machine.overlay:
        lines.append("the kernel has no overlay file system: modprobe overlay")
    if not machine.namespaces:
        lines.append("namespaces cannot be made here; in a container, start it with --privileged")
    if not machine.nat:
        lines.append("iptables has no nat table here: modprobe iptable_nat xt_conntrack xt_statistic xt_comment")
    if not machine.queues:
        lines.append("iptables cannot queue packets here, for NetworkPolicies: modprobe nfnetlink_queue xt_NFQUEUE")
    if machine.missing_controllers:
        names = ", ".join(sorted(machine.missing_controllers))
        lines.append(
            f"cgroup controllers are missing: {names}; mount them under /sys/fs/cgroup, or enable them at boot"
        )
    if machine.inotify < INOTIFY:
        remedy = "sysctl fs.inotify.max_user_instances=1024"
        lines.append(f"{machine.inotify} inotify instances are left, {INOTIFY} are needed: {remedy}")
    if machine.memory_mib < MEMORY_MIB:
        lines.append(f"{machine.memory_mib} MiB of memory are available, {MEMORY_MIB} are needed; end other programs")
    if machine.state_mib < STATE_MIB:
        lines.append(f"{machine.state_mib} MiB are free for the state, {STATE_MIB} are needed; set XDG_STATE_HOME")
    if machine.state_filesystem in UNSUITABLE:
        lines.append(f"the state would lie on {machine.state_filesystem}, which takes no overlay; set XDG_STATE_HOME")
    if machine.building and machine.cache_mib < BUILD_MIB:
        lines.append(f"{machine.cache_mib} MiB are free for building, {BUILD_MIB} are needed; set XDG_CACHE_HOME")
    return lines


def check(state: Path, cache: Path, *, building: bool) -> None:
    """Raise ClusterProblem unless a cluster can start here. Installs missing packages where it can."""
    supply(needed_packages(missing_programs(), plugin_directory()))
    lines = complaints(_look(state, cache, building=building))
    if lines:
        raise ClusterProblem("this machine is not ready for a cluster:\n  - " + "\n  - ".join(lines))


def _look(state: Path, cache: Path, *, building: bool) -> Machine:
    found = cgroups.mounted()
    controllers = Path("/sys/fs/cgroup/cgroup.controllers")
    return Machine(
        programs=missing_programs(),
        plugins=plugin_directory(),
        overlay="\toverlay\n" in Path("/proc/filesystems").read_text() or _succeeds("modprobe", "overlay"),
        namespaces=_succeeds("unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "true"),
        nat=_succeeds("unshare", "--net", "iptables", "--table", "nat", "--list"),
        queues=_succeeds("unshare", "--net", "iptables", "--append", "FORWARD", "--jump", "NFQUEUE"),
        missing_controllers=cgroups.missing_controllers(
            found, available_v2=controllers.read_text() if controllers.exists() else ""
        ),
        inotify=_inotify_instances(INOTIFY),
        memory_mib=_available_memory(Path("/proc/meminfo").read_text()) // 1024,
        state_mib=shutil.disk_usage(_existing(state)).free // MIB,
        state_filesystem=_output("stat", "--file-system", "--format=%T", str(_existing(state))),
        cache_mib=shutil.disk_usage(_existing(cache)).free // MIB,
        building=building,
    )


def _inotify_instances(wanted: int) -> int:
    """How many of `wanted` can be opened: the limit is for all processes of a user together."""
    libc = ctypes.CDLL(None)
    opened: list[int] = []
    try:
        while len(opened) < wanted and (descriptor := libc.inotify_init()) >= 0:
            opened.append(descriptor)
        return len(opened)
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _available_memory(meminfo: str) -> int:
    return int(meminfo.split("MemAvailable:")[1].split()[0])


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _succeeds(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()
