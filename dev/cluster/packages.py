"""Which Debian package has which program, and installing those that are missing, as root on Debian or Ubuntu.

Used by `preflight`, which also names the command for whoever has to install them by hand.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from dev.cluster.progress import run_shown

PROGRAMS = {
    "containerd": "containerd",
    "containerd-shim-runc-v2": "containerd",
    "ctr": "containerd",
    "runc": "runc",
    "docker-registry": "docker-registry",
    "iptables": "iptables",
    "iptables-restore": "iptables",
    "conntrack": "conntrack",
    "ip": "iproute2",
    "mount": "mount",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "stat": "coreutils",
    "openssl": "openssl",
}
PLUGIN_DIRECTORIES = (Path("/usr/lib/cni"), Path("/opt/cni/bin"), Path("/usr/libexec/cni"))
PLUGINS = ("ptp", "host-local", "loopback", "portmap")
# installed as a part of this cluster, not as services of the machine: docker-registry would listen on every address
_SERVICES = ("containerd", "docker-registry")
_RELEASE = Path("/etc/os-release")
_WAIT = ("-o", "DPkg::Lock::Timeout=120")  # another apt may be at work


def missing_programs(which: Callable[[str], str | None] = shutil.which) -> dict[str, str]:
    """The programs that `which` does not find, with their packages."""
    return {program: package for program, package in PROGRAMS.items() if not which(program)}


def plugin_directory(candidates: tuple[Path, ...] = PLUGIN_DIRECTORIES) -> Path | None:
    """The directory that has every CNI plugin, or None."""
    return next((d for d in candidates if all((d / plugin).exists() for plugin in PLUGINS)), None)


def install_command(packages: set[str]) -> str:
    """What a person types to get `packages`."""
    return f"apt-get update && apt-get install --yes --no-install-recommends {' '.join(sorted(packages))}"


def supply(packages: set[str]) -> None:
    """Install `packages` where apt has them; elsewhere they are left to whoever looks next. Raises ClusterProblem."""
    if packages and _RELEASE.exists() and installable(_RELEASE.read_text()):
        install(packages)


def installable(os_release: str, which: Callable[[str], str | None] = shutil.which) -> bool:
    """Whether the system that the text of /etc/os-release describes gets packages from apt."""
    lines = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    families = f"{lines.get('ID', '')} {lines.get('ID_LIKE', '')}".replace('"', "").split()
    return bool({"debian", "ubuntu"} & set(families)) and which("apt-get") is not None


def install(packages: set[str]) -> None:
    """Install `packages` with apt-get, and keep their services off. Raises ClusterProblem with apt's last lines."""
    names = sorted(packages)
    print(f"installing the missing packages {', '.join(names)}", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run_shown("apt-get update", ["apt-get", "update", *_WAIT], summarize=_first_words, environment=quiet)
    command = ["apt-get", "install", *_WAIT, "--yes", "--no-install-recommends", *names]
    run_shown("apt-get install", command, summarize=_first_words, environment=quiet)
    services = [service for service in _SERVICES if service in packages]
    if services and Path("/run/systemd/system").exists():
        subprocess.run(["systemctl", "disable", "--now", *services], check=False, capture_output=True)


def _first_words(line: str) -> str:
    return line[:60]
