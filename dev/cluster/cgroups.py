"""The cluster's directory in each cgroup hierarchy of the host: version 1, version 2, or both side by side.

The supervisor joins before its cgroup namespace is made, which makes that directory the root that kubelet and runc see.
It lies beside the caller's own group, not in it, and is what `down` and the next `up` remove.
"""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from dev.cluster.errors import ClusterProblem

CONTROLLERS_V1 = {"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "pids"}
CONTROLLERS_V2 = {"cpu", "cpuset", "memory", "pids"}
# options that mountinfo shows and that a second mount of the same hierarchy must not repeat
_NOT_REPEATED = {"rw", "ro", "xattr", "nsdelegate", "memory_recursiveprot", "memory_localevents", "favordynmods"}
_BUSY_SECONDS = 30.0


@dataclass(frozen=True)
class Hierarchy:
    """A mounted hierarchy: `kind` is the filesystem type, `options` what selects it in a mount."""

    directory: Path
    kind: str
    options: str


def hierarchies(mountinfo: str) -> list[Hierarchy]:
    """The hierarchies under /sys/fs/cgroup in the text of /proc/self/mountinfo."""
    found = []
    for line in mountinfo.splitlines():
        place, filesystem = line.split(" - ", 1)
        kind, _, options = filesystem.split(" ", 2)
        directory = place.split()[4]
        if kind in ("cgroup", "cgroup2") and directory.startswith("/sys/fs/cgroup"):
            kept = [o for o in options.split(",") if o not in _NOT_REPEATED and not o.startswith("release_agent=")]
            found.append(Hierarchy(Path(directory), kind, ",".join(kept)))
    return found


def mounted() -> list[Hierarchy]:
    """The hierarchies that this process sees."""
    return hierarchies(Path("/proc/self/mountinfo").read_text())


def unified(found: list[Hierarchy]) -> bool:
    """Whether version 2 is the only one."""
    return [h.kind for h in found] == ["cgroup2"]


def missing_controllers(found: list[Hierarchy], *, available_v2: str) -> set[str]:
    """What Kubernetes needs and the host lacks; `available_v2` is the text of cgroup.controllers."""
    if unified(found):
        return CONTROLLERS_V2 - set(available_v2.split())
    return CONTROLLERS_V1 - {option for h in found if h.kind == "cgroup" for option in h.options.split(",")}


def join(group: str) -> None:
    """Move this process into directory `group` of every hierarchy, made if need be. Raises OSError."""
    found = mounted()
    if unified(found):
        _delegate(found[0].directory, sorted(CONTROLLERS_V2))
    for hierarchy in found:
        directory = hierarchy.directory / group
        directory.mkdir(exist_ok=True)
        for name in ("cpuset.cpus", "cpuset.mems"):
            # a new cpuset of version 1 is empty and takes no process
            if (
                hierarchy.kind == "cgroup"
                and (directory / name).exists()
                and not (directory / name).read_text().strip()
            ):
                (directory / name).write_text((hierarchy.directory / name).read_text())
        (directory / "cgroup.procs").write_text("0")


def make_leaf(root: Path) -> None:
    """Version 2, inside the namespace: controllers reach the children only of a group without processes of its own."""
    leaf = root / "supervisor"
    leaf.mkdir(exist_ok=True)
    (leaf / "cgroup.procs").write_text("0")
    _delegate(root, (root / "cgroup.controllers").read_text().split())


def _delegate(directory: Path, controllers: list[str]) -> None:
    for controller in controllers:
        try:
            (directory / "cgroup.subtree_control").write_text(f"+{controller}")
        except OSError as error:  # one that the host keeps for itself; preflight has checked those that we need
            print(f"cgroup controller {controller} is not delegated: {error.strerror}", flush=True)


def clear(group: str) -> None:
    """End what still runs in `group`, and remove its directory from every hierarchy. Raises ClusterProblem.

    Nothing runs there after a supervisor's end, unless `up` itself was killed before it could record the supervisor.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    # again and again: what is about to end may make groups, and the kernel frees one a moment after its last process
    while left := [directory for directory in _directories(group) if not _removed(directory)]:
        if time.monotonic() > deadline:
            raise ClusterProblem(f"cgroups of the cluster cannot be removed: {', '.join(map(str, left))}")
        for pid in [pid for directory in left for pid in _members(directory)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _directories(group: str) -> list[Path]:
    """The directory of `group` in every hierarchy, and those below, the lowest first."""
    return [Path(d) for hierarchy in mounted() for d, _, _ in os.walk(hierarchy.directory / group, topdown=False)]


def _members(directory: Path) -> list[int]:
    try:
        return [int(pid) for pid in (directory / "cgroup.procs").read_text().split()]
    except OSError:  # gone, or a threaded group of version 2, whose processes its parent lists
        return []


def _removed(directory: Path) -> bool:
    try:
        directory.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
