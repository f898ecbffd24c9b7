"""Builds the cluster's programs into the cache, one after the other, and links them into one bin directory.

Called by `up` and `build`.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dev.cluster.compilation import ENVIRONMENT, compile_once
from dev.cluster.errors import ClusterProblem
from dev.cluster.tools import SOURCES, TOOLS, Tool, bin_directory, build_flags, cache_key


def cache_directory(environment: Mapping[str, str] = os.environ) -> Path:
    """Where built programs are kept."""
    home = environment.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache").absolute() / "xkit-operator"


def compiler() -> str:
    """Go's version and architecture as `cache_key` wants them. Raises ClusterProblem without a usable Go."""
    try:
        # asked inside a module: Go switches to the toolchain that go.mod demands
        found = subprocess.run(
            ["go", "env", "GOVERSION", "GOARCH"],
            cwd=SOURCES,
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise ClusterProblem("Go is needed to build the cluster's programs; see https://go.dev/doc/install") from error
    except subprocess.CalledProcessError as error:
        raise ClusterProblem(f"Go 1.26 or newer is needed, see https://go.dev/doc/install: {error.stderr}") from error
    return " ".join(found.stdout.split())


def planned(cache: Path, sources: Path = SOURCES) -> tuple[dict[Tool, Path], Path]:
    """Where each program lies once built, and the bin directory of them all."""
    version = compiler()
    keys = {tool: cache_key(tool, sources, version) for tool in TOOLS}
    programs = {tool: cache / "tools" / f"{tool.name}-{key}" for tool, key in keys.items()}
    return programs, bin_directory(cache, list(keys.values()))


def build(cache: Path, sources: Path = SOURCES) -> Path:
    """Build what the cache lacks and return the bin directory."""
    programs, directory = planned(cache, sources)
    go_mod = (sources / "go.mod").read_text()
    for number, (tool, program) in enumerate(programs.items(), start=1):
        label = f"[{number}/{len(programs)}] building {tool.name}"
        compile_once(program, tool.package, module=sources, flags=build_flags(tool, go_mod), label=label)
    _link(programs, directory)
    return directory


def _link(programs: dict[Tool, Path], directory: Path) -> None:
    links = {tool.name: program for tool, program in programs.items()}
    kube = next(program for tool, program in programs.items() if tool.name == "kube")
    links["kubectl"] = kube  # the binary looks at the name that it is called by
    directory.mkdir(parents=True, exist_ok=True)
    for name, program in links.items():
        link = directory / name
        if not link.exists():
            temporary = directory / f".{name}.{os.getpid()}"
            temporary.symlink_to(program)
            temporary.replace(link)
