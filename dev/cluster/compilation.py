"""Compiles one Go program into a cache, telling how far it is. Used for the cluster's programs and for tests' judges.

A lock per program lets several checkouts and CI runs build at the same time: whoever comes second waits and finds the
program made. Go's own cache keeps what they share.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dev.cluster.progress import run_shown

ENVIRONMENT = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}


def compile_once(program: Path, package: str, *, module: Path, flags: Sequence[str], label: str) -> None:
    """Make `program` of `package` in the Go module `module`, unless it is there. Raises ClusterProblem."""
    if program.exists():
        return
    with _locked(program.with_name(f"{program.name}.lock"), label):
        if not program.exists():
            _compile(program, package, module=module, flags=flags, label=label)


@contextmanager
def _locked(path: Path, label: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{label}: another process builds it, waiting", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _compile(program: Path, package: str, *, module: Path, flags: Sequence[str], label: str) -> None:
    listed = _Lines("fetching {} modules", prefix="go: downloading")
    found = _Lines("{} packages found")
    # fetches the modules, and tells how many packages there are to compile
    run_shown(
        f"{label}, sources",
        ["go", "list", "-mod=readonly", "-deps", package],
        summarize=lambda line: listed.count(line) or found.count(line),
        environment=ENVIRONMENT,
        directory=module,
    )
    temporary = program.with_name(f"{program.name}.{os.getpid()}")
    # -v names each package as it is compiled, which is the only sign of progress that Go gives
    command = ["go", "build", "-v", *flags, "-o", str(temporary), package]
    compiled = _Lines(f"{{}} of {found.number} packages compiled")
    run_shown(label, command, summarize=compiled.count, environment=ENVIRONMENT, directory=module)
    temporary.replace(program)


class _Lines:
    """Counts the lines of output that start with `prefix`, and tells how many there were in the words of `text`."""

    def __init__(self, text: str, prefix: str = "") -> None:
        self.number = 0
        self._text = text
        self._prefix = prefix

    def count(self, line: str) -> str:
        if not line.startswith(self._prefix):
            return ""
        self.number += 1
        return self._text.format(self.number)
