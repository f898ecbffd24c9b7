"""Tells whoever waits what happens: one line per step with the time passed, and a running line for long commands.

Used by `up`, the builds and the package installation. On a terminal the running line rewrites itself; elsewhere
(CI, a file) a new line appears every few seconds, so that a log shows life without growing.
"""

import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from dev.cluster.errors import ClusterProblem

TERMINAL_INTERVAL = 0.5
LOG_INTERVAL = 10.0


class Steps:
    """Prints finished steps with the seconds since the first."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def done(self, text: str) -> None:
        """Say that `text` is done."""
        print(f"{time.monotonic() - self._started:7.1f} s  {text}", flush=True)


class _RunningLine:
    """One line that is rewritten on a terminal, and repeated at intervals elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._due = 0.0

    def show(self, text: str) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + (TERMINAL_INTERVAL if self._terminal else LOG_INTERVAL)
        print(f"\r\x1b[K{text}" if self._terminal else text, end="" if self._terminal else "\n", flush=True)

    def finish(self, text: str) -> None:
        print(f"\r\x1b[K{text}" if self._terminal else text, flush=True)


def run_shown(
    label: str,
    command: list[str],
    *,
    summarize: Callable[[str], str],
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> None:
    """Run `command`, showing `label`, what `summarize` makes of each output line, and the elapsed time.

    Raises ClusterProblem with the last lines of output when the command fails.
    """
    started = time.monotonic()
    line = _RunningLine()
    summary = ""
    last: deque[str] = deque(maxlen=20)
    # read as it comes, so that a long silence can be told from a dead command
    with subprocess.Popen(
        command,
        cwd=directory,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker: PIPE was asked for
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            rest = b""
            while True:
                if selector.select(timeout=TERMINAL_INTERVAL):
                    chunk = os.read(process.stdout.fileno(), 65536)
                    if not chunk:
                        break
                    *lines, rest = (rest + chunk).split(b"\n")
                    for raw in lines:
                        text = raw.decode(errors="replace")
                        last.append(text)
                        summary = summarize(text)
                line.show(f"{label}: {summary or 'working'}, {time.monotonic() - started:.0f} s")
    if process.returncode:
        line.finish(f"{label}: failed after {time.monotonic() - started:.0f} s")
        raise ClusterProblem(f"{' '.join(command)} failed:\n  " + "\n  ".join(last))
    line.finish(f"{label}: done in {time.monotonic() - started:.0f} s")
