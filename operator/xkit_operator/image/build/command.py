"""Foreign programs that a build runs: Debian's, npm, pip.

Their output is nobody's concern unless they fail; then its last lines are the message.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from xkit_operator.errors import BuildFailed


def run(
    command: Sequence[str | Path],
    *,
    remedy: str,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """The standard output of `command`. Raises BuildFailed, which ends with `remedy`, when it fails or is absent."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            cwd=directory,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise BuildFailed(f"{name} is not installed; {remedy}") from error
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip())[-1500:]
        raise BuildFailed(f"{name} ended with code {done.returncode}; {remedy}. It said:\n{words}")
    return done.stdout
