"""Which cgroup hierarchies a host has, read from the texts of its kernel."""

from pathlib import Path

from dev.cluster.cgroups import CONTROLLERS_V1, Hierarchy, hierarchies, missing_controllers, unified

HYBRID = """\
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/lib/agent,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
42 23 0:39 / /elsewhere/cgroup/pids rw - cgroup cgroup rw,pids
"""
UNIFIED = "31 23 0:28 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n"


def test_every_hierarchy_is_found_with_the_options_that_select_it() -> None:
    root = Path("/sys/fs/cgroup")
    assert hierarchies(HYBRID) == [
        Hierarchy(root / "cpu,cpuacct", "cgroup", "cpu,cpuacct"),
        Hierarchy(root / "systemd", "cgroup", "name=systemd"),
        Hierarchy(root / "unified", "cgroup2", ""),
    ]
    assert hierarchies(UNIFIED) == [Hierarchy(root, "cgroup2", "")]


def test_only_version_2_alone_is_unified() -> None:
    assert unified(hierarchies(UNIFIED))
    assert not unified(hierarchies(HYBRID))
    assert not unified([])


def test_missing_controllers_are_named() -> None:
    assert missing_controllers(hierarchies(HYBRID), available_v2="") == CONTROLLERS_V1 - {"cpu", "cpuacct"}
    assert missing_controllers(hierarchies(UNIFIED), available_v2="cpuset cpu io memory\n") == {"pids"}
    assert missing_controllers([], available_v2="") == CONTROLLERS_V1
