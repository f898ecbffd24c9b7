"""crane, of Google's registry library: a judge of images that shares no code with us, built once into the cache."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from xkit_operator.image.build.cache import cache_directory

MODULE = Path(__file__).parents[2] / "dev" / "tools" / "crane"
PACKAGE = "github.com/google/go-containerregistry/cmd/crane"


def crane(*arguments: str) -> str:
    """What crane says on its standard output and error."""
    done = subprocess.run([_program(), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _program() -> Path:
    sources = [MODULE / "go.mod", MODULE / "go.sum"]
    key = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    program = cache_directory() / "tools" / f"crane-{key}"
    if not program.exists():
        if shutil.which("go") is None:
            pytest.fail("Go is needed to build crane; see https://go.dev/doc/install")
        part = program.with_suffix(f".{os.getpid()}")
        subprocess.run(
            ["go", "build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags=-s -w", "-o", part, PACKAGE],
            cwd=MODULE,
            env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""},
            check=True,
        )
        part.rename(program)
    return program
