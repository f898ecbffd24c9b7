"""What the kernel says about this process, under the names that Prometheus' client libraries give it."""

import os
import resource
from collections.abc import Iterable
from pathlib import Path

from xkit_operator.dispatcher.telemetry.exposition import Family, counter, gauge

_PREFIX = "xkit_runner_process_"
_PROC = Path("/proc")


def process_families() -> Iterable[Family]:
    """Memory, time and open files; nothing where there is no /proc, which is not in a Pod."""
    try:
        fields = (_PROC / "self/stat").read_text().rpartition(")")[2].split()
        boot = next(line for line in (_PROC / "stat").read_text().splitlines() if line.startswith("btime "))
        open_files = len(os.listdir(_PROC / "self/fd"))
    except OSError:
        return
    ticks = os.sysconf("SC_CLK_TCK")
    most_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    # numbered from the third field of proc(5), for the name before it may hold anything
    yield gauge(_PREFIX + "virtual_memory_bytes", "Virtual memory size in bytes.", int(fields[20]))
    yield gauge(
        _PREFIX + "resident_memory_bytes", "Resident memory size in bytes.", int(fields[21]) * resource.getpagesize()
    )
    yield gauge(
        _PREFIX + "start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        int(boot.split()[1]) + int(fields[19]) / ticks,
    )
    seconds = (int(fields[11]) + int(fields[12])) / ticks
    yield counter(
        _PREFIX + "cpu_seconds_total", "Total user and system CPU time spent in seconds.", (), [((), seconds)]
    )
    yield gauge(_PREFIX + "open_fds", "Number of open file descriptors.", open_files)
    yield gauge(_PREFIX + "max_fds", "Maximum number of open file descriptors.", most_files)
