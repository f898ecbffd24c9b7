"""Packages from npm that a test runs, beside what uses them: installed once into the user's cache."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from dev.cluster.lock import locked


def installed(folder: Path) -> Path:
    """A copy of `folder` with the packages of its lock file."""
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()[:16]
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xkit-operator" / "npm"
    cache = root / f"{folder.name}-{key}"
    with locked(root):
        if not cache.exists():
            _install(folder, cache)
    return cache


def _install(folder: Path, cache: Path) -> None:
    fresh = cache.with_suffix(".fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder, fresh)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=fresh, check=True)
    fresh.rename(cache)
