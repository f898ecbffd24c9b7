"""Controllers of others as processes of this machine, beside the cluster that they work on."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Have it run; what it says is in `log`, and the end of it in the error when it did not run until the end."""
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written, env={**os.environ, **(environment or {})})
    try:
        yield
        said = log.read_text(errors="replace")[-2000:]
        assert process.poll() is None, f"{command[0]} ended with {process.returncode}:\n{said}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
