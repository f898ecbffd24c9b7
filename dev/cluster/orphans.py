"""Reaps what was re-parented to PID 1: shims' children, the processes of exec probes."""

import os


def reap_orphans(known: set[int]) -> None:
    """Collect every ended child that is not `known`; those are left to who started them."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in known:
            return
        os.waitpid(ended.si_pid, os.WNOHANG)
