"""What is said about a machine that lacks something: each thing with what helps."""

from dataclasses import replace
from pathlib import Path

import pytest

from dev.cluster.packages import PLUGINS, PROGRAMS, install_command, installable, missing_programs, plugin_directory
from dev.cluster.preflight import Machine, complaints, needed_packages

READY = Machine(
    programs={},
    plugins=Path("/usr/lib/cni"),
    overlay=True,
    namespaces=True,
    nat=True,
    queues=True,
    missing_controllers=set(),
    inotify=24,
    memory_mib=8000,
    state_mib=50000,
    state_filesystem="ext2/ext3",
    cache_mib=50000,
    building=True,
)
DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'


def test_nothing_is_said_about_a_machine_that_has_everything() -> None:
    assert complaints(READY) == []


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        (replace(READY, programs={"runc": "runc"}), ["runc", "apt-get install", "Debian"]),
        (replace(READY, plugins=None), ["CNI plugins", "containernetworking-plugins"]),
        (replace(READY, overlay=False), ["overlay", "modprobe overlay"]),
        (replace(READY, namespaces=False), ["namespaces", "--privileged"]),
        (replace(READY, nat=False), ["nat", "modprobe"]),
        (replace(READY, queues=False), ["NetworkPolicies", "modprobe"]),
        (replace(READY, inotify=3), ["3 inotify instances", "sysctl fs.inotify"]),
        (replace(READY, missing_controllers={"pids", "cpu"}), ["cpu, pids", "/sys/fs/cgroup"]),
        (replace(READY, memory_mib=900), ["900 MiB", "memory"]),
        (replace(READY, state_mib=900), ["900 MiB", "XDG_STATE_HOME"]),
        (replace(READY, state_filesystem="overlayfs"), ["overlayfs", "XDG_STATE_HOME"]),
        (replace(READY, cache_mib=900), ["900 MiB", "XDG_CACHE_HOME"]),
    ],
)
def test_each_lack_is_named_with_its_remedy(lacking: Machine, words: list[str]) -> None:
    text = "\n".join(complaints(lacking))
    assert [word for word in words if word not in text] == []


def test_everything_is_told_at_once() -> None:
    assert len(complaints(replace(READY, overlay=False, nat=False, memory_mib=1))) == 3


def test_no_room_is_asked_for_a_build_that_is_not_needed() -> None:
    assert complaints(replace(READY, building=False, cache_mib=1)) == []


def test_a_fresh_machine_gets_every_package_in_one_command() -> None:
    programs = missing_programs(lambda _: None)
    assert programs == PROGRAMS
    command = install_command(needed_packages(programs, None))
    assert "containerd containernetworking-plugins" in command
    assert "docker-registry" in command


def test_programs_that_are_there_are_not_installed() -> None:
    assert missing_programs(lambda program: None if program == "ip" else f"/bin/{program}") == {"ip": "iproute2"}


@pytest.mark.parametrize(
    ("os_release", "apt", "expected"),
    [
        (DEBIAN, True, True),
        (DEBIAN, False, False),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', True, True),
        ("ID=fedora\n", True, False),
    ],
)
def test_packages_are_installed_only_where_apt_has_them(os_release: str, apt: bool, expected: bool) -> None:  # noqa: FBT001
    assert installable(os_release, lambda program: f"/usr/bin/{program}" if apt else None) is expected


def test_the_plugin_directory_has_them_all(tmp_path: Path) -> None:
    part, full = tmp_path / "part", tmp_path / "full"
    for directory, plugins in ((part, PLUGINS[1:]), (full, PLUGINS)):
        directory.mkdir()
        for plugin in plugins:
            (directory / plugin).touch()
    assert plugin_directory((part, full)) == full
    assert plugin_directory((part,)) is None
