"""Programs of other projects that tests ask as judges: each a Go module under dev/tools, built once into the cache."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from xkit_operator.image.build.cache import cache_directory

TOOLS = Path(__file__).parents[1] / "dev" / "tools"


def go_tool(name: str, package: str) -> Path:
    """The program that `package` makes in the module dev/tools/`name`; a cached one is of just these sources."""
    module = TOOLS / name
    sources = [module / "go.mod", module / "go.sum", *sorted(module.glob("*.go"))]
    key = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    program = cache_directory() / "tools" / f"{name}-{key}"
    if not program.exists():
        if shutil.which("go") is None:
            pytest.fail(f"Go is needed to build {name}; see https://go.dev/doc/install")
        program.parent.mkdir(parents=True, exist_ok=True)
        part = program.with_suffix(f".{os.getpid()}")
        subprocess.run(
            ["go", "build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags=-s -w", "-o", part, package],
            cwd=module,
            env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""},
            check=True,
        )
        part.rename(program)
    return program
