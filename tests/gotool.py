"""Programs of other projects that tests use as judges: made of Go modules under dev/tools, once, into the cache."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from dev.cluster.compilation import compile_once
from xkit_operator.image.build.cache import cache_directory

TOOLS = Path(__file__).parents[1] / "dev" / "tools"
FLAGS = ("-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags=-s -w")


def go_tool(name: str, package: str, *, module: str = "") -> Path:
    """The program `name` that `package` makes in dev/tools/`module` (or `name`); if cached, of just these sources."""
    sources = TOOLS / (module or name)
    files = [sources / "go.mod", sources / "go.sum", *sorted(sources.glob("*.go"))]
    key = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]
    program = cache_directory() / "tools" / f"{name}-{key}"
    if not program.exists() and shutil.which("go") is None:
        pytest.fail(f"Go is needed to build {name}; see https://go.dev/doc/install")
    compile_once(program, package, module=sources, flags=FLAGS, label=f"building {name}")
    return program


def module_sources(module: str, *, of: str) -> Path:
    """The files of a Go module, of the version that dev/tools/`of` builds."""
    asked = ["go", "mod", "download", "-json", module]
    described = subprocess.run(asked, cwd=TOOLS / of, capture_output=True, text=True, check=True)
    return Path(json.loads(described.stdout)["Dir"])
