"""npm, asked to put packages into a folder: the one way in which local commands fetch anything."""

import shutil
import subprocess
from pathlib import Path

_QUIET = ("--no-audit", "--no-fund", "--loglevel=error")


class NpmFailed(Exception):
    """What npm said, or that there is no npm."""


def npm(*arguments: str | Path) -> None:
    """Run npm; what it prints is kept for the error. Raises NpmFailed."""
    program = shutil.which("npm")
    if program is None:
        raise NpmFailed("npm is not installed")
    done = subprocess.run([program, *arguments, *_QUIET], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NpmFailed(_first_words(done.stderr) or f"npm ended with code {done.returncode}")


def _first_words(said: str) -> str:
    lines = [line.removeprefix("npm error ").removeprefix("npm ERR! ").strip() for line in said.splitlines()]
    telling = [line for line in lines if line and not line.startswith(("code ", "errno ", "A complete log"))]
    return "; ".join(telling[:2])[:300]
