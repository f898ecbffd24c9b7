"""The file system that the cluster's processes see: the host's, with its own /proc, /sys, /run and a few directories.

Runs once in PID 1 of the new namespaces. Nothing is made on the host, not even a directory to mount on: a `rmdir` on
the host would tear the mount out of every other running cluster.
"""

import os
import shutil
import subprocess
from pathlib import Path

from dev.cluster import cgroups
from dev.cluster.identity import Cluster

# where the standard paths lead: the cluster's state directory
_DIRECTORIES = {
    "/var/lib/containerd": "containerd",
    "/var/lib/kubelet": "kubelet",
    "/var/lib/cni": "cni",
    "/var/log/pods": "pod-logs",
    "/var/log/containers": "container-logs",
    "/tmp/hostpath_pv": "volumes",  # fixed in the controller-manager's provisioner
}
# what the kubelet sets for the whole machine; it leaves alone what has the right value already
_SYSCTLS = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
}


def prepare_mounts(cluster: Cluster) -> None:
    """Set up every mount. Raises CalledProcessError or OSError."""
    hierarchies = cgroups.mounted()
    _mount("--make-rprivate", "/")
    _mount("-t", "proc", "proc", "/proc")
    _mount("-t", "sysfs", "sysfs", "/sys")  # a new one shows the interfaces of this network namespace
    _mount_cgroups(hierarchies)
    # containerd's state in a private /run makes each start look like a reboot to it: no dead shims to clean up
    _mount("-t", "tmpfs", "-o", "mode=755", "run", "/run")
    for parent in ("/var/lib", "/var/log", "/tmp"):
        _replace_children(parent, {name.rpartition("/")[2] for name in _DIRECTORIES if name.startswith(parent + "/")})
    for path, source in _DIRECTORIES.items():
        (cluster.state / source).mkdir(exist_ok=True)
        _mount("--bind", str(cluster.state / source), path)
    _forget_last_run()
    _show_sysctls()
    _mount("--make-rshared", "/")  # volumes with mount propagation; the peers are inside this namespace only


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _mount_cgroups(hierarchies: list[cgroups.Hierarchy]) -> None:
    if cgroups.unified(hierarchies):
        _mount("-t", "cgroup2", "cgroup2", "/sys/fs/cgroup")
        cgroups.make_leaf(Path("/sys/fs/cgroup"))
        return
    _mount("-t", "tmpfs", "-o", "mode=755", "cgroup", "/sys/fs/cgroup")
    for hierarchy in hierarchies:
        hierarchy.directory.mkdir(parents=True, exist_ok=True)
        options = ["-o", hierarchy.options] if hierarchy.kind == "cgroup" else []
        _mount("-t", hierarchy.kind, *options, hierarchy.kind, str(hierarchy.directory))


def _replace_children(parent: str, names: set[str]) -> None:
    """Give `parent` empty directories `names`; its other children stay reachable, through links."""
    original = Path("/run/host") / parent.lstrip("/")
    original.mkdir(parents=True)
    _mount("--bind", parent, str(original))
    _mount("-t", "tmpfs", "-o", f"mode={os.stat(parent).st_mode & 0o7777:o}", "tmpfs", parent)
    for name in set(os.listdir(original)) - names:
        os.symlink(original / name, Path(parent) / name)
    for name in names:
        (Path(parent) / name).mkdir()


def _forget_last_run() -> None:
    # no sandbox survives a restart, so no address lease may; the managers' checkpoints would refer to dead containers
    for leases in ("/var/lib/cni/networks", "/var/lib/cni/results"):
        shutil.rmtree(leases, ignore_errors=True)
    for checkpoint in Path("/var/lib/kubelet").glob("*_manager_state"):
        checkpoint.unlink()


def _show_sysctls() -> None:
    directory = Path("/run/sysctl")
    directory.mkdir()
    for name, value in _SYSCTLS.items():
        file = directory / name.replace("/", ".")
        file.write_text(f"{value}\n")
        if Path("/proc/sys", name).exists():
            _mount("--bind", str(file), f"/proc/sys/{name}")
