"""Python distributions as their index has them, kept once fetched: what a hash lock pins never changes."""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from xkit_operator.image.build.command import run

FETCH = "check that pip reaches its index, then build again"
ONLY_LOCKED = (
    *("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"),
    *("--implementation", "cp", "--python-version", "3.11"),
    *("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux2014_x86_64"),
    *("--only-binary", ":all:"),  # wheels only, so that nothing is compiled for the building machine
)


def install(lock: Path, target: Path, directory: Path) -> None:
    """Put the distributions that `lock` pins by hash into `target`; what was fetched stays in `directory`."""
    kept = directory / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not kept.exists():
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory) as work:
            fetched = Path(work) / "wheels"
            _pip("download", "--dest", fetched, "--requirement", lock)
            if not kept.exists():  # another build may have been faster
                fetched.rename(kept)
    offline = ("--no-index", "--find-links", kept)
    _pip("install", "--no-compile", *offline, "--target", target, "--requirement", lock)
    shutil.rmtree(target / "bin", ignore_errors=True)


def _pip(command: str, *arguments: str | Path) -> None:
    run([sys.executable, "-m", "pip", command, *ONLY_LOCKED, *arguments], remedy=FETCH)
