"""A sender that runs until its standard input ends, and then prints what came of it as JSON."""

import contextlib
import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def streaming(command: Sequence[str]) -> Iterator[Callable[[], dict[str, Any]]]:
    """Run `command` in the repository's folder; the function given ends it and returns what it says."""
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def summary() -> dict[str, Any]:
        said, _ = process.communicate("", timeout=120)
        found: dict[str, Any] = json.loads(said)
        return found

    with process:
        try:
            yield summary
        finally:
            process.kill()
