"""Runs other programs: captured when the story needs the answer, line by line when a newcomer should see progress.

A program that is missing, fails or hangs becomes a StepFailed with its own last words.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence

from dev.up.failure import StepFailed

LAST_WORDS = 30
"""Lines of a failed program's output that are shown."""


def capture(
    command: Sequence[str], *, environment: Mapping[str, str], given: str | None = None, timeout: float = 60
) -> str:
    """What `command` prints, having read `given`. Raises StepFailed with what it said instead."""
    try:
        done = subprocess.run(
            command, env=environment, input=given, capture_output=True, text=True, timeout=timeout, check=False
        )
    except FileNotFoundError:
        raise _missing(command) from None
    except subprocess.TimeoutExpired:
        raise StepFailed(f"`{_shown(command)}` gave no answer in {timeout:.0f} s") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).splitlines()
        raise StepFailed(f"`{_shown(command)}` failed with exit code {done.returncode}", evidence=said[-LAST_WORDS:])
    return done.stdout


def stream(command: Sequence[str], *, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Run `command` and say each line that it prints, as it comes."""
    said: list[str] = []
    try:
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
        )
    except FileNotFoundError:
        raise _missing(command) from None
    with process:
        for line in process.stdout or ():
            said.append(line.rstrip())
            say(line.rstrip())
    if process.returncode != 0:
        raise StepFailed(f"`{_shown(command)}` failed with exit code {process.returncode}", evidence=said[-LAST_WORDS:])


def _missing(command: Sequence[str]) -> StepFailed:
    return StepFailed(f"{command[0]} is not installed", remedy=f"Install {command[0]}, or put it on PATH.")


def _shown(command: Sequence[str]) -> str:
    return " ".join(command)
