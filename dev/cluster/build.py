"""Builds the cluster's programs into the cache, one after the other, and links them into one bin directory.

Called by `up` and `build`. A lock per program lets several checkouts and CI runs build at the same time: whoever comes
second waits and finds the program made. Go's own cache keeps what they share.
"""

import fcntl
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dev.cluster.errors import ClusterProblem
from dev.cluster.progress import run_shown
from dev.cluster.tools import SOURCES, TOOLS, Tool, bin_directory, build_flags, cache_key

ENVIRONMENT = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}


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
    for number, (tool, program) in enumerate(programs.items(), start=1):
        if not program.exists():
            label = f"[{number}/{len(programs)}] building {tool.name}"
            with _locked(cache / "tools" / f"{tool.name}.lock", label):
                if not program.exists():
                    _compile(tool, sources, program, label)
    _link(programs, directory)
    return directory


@contextmanager
def _locked(path: Path, label: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{label}: another process builds it, waiting", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _compile(tool: Tool, sources: Path, program: Path, label: str) -> None:
    go_mod = (sources / "go.mod").read_text()
    listed = _Lines("fetching {} modules", prefix="go: downloading")
    found = _Lines("{} packages found")
    # fetches the modules, and tells how many packages there are to compile
    list_packages = ["go", "list", "-mod=readonly", "-deps", tool.package]
    run_shown(
        f"{label}, sources",
        list_packages,
        summarize=lambda line: listed.count(line) or found.count(line),
        environment=ENVIRONMENT,
        directory=sources,
    )
    temporary = program.with_name(f"{program.name}.{os.getpid()}")
    # -v names each package as it is compiled, which is the only sign of progress that Go gives
    compile_packages = ["go", "build", "-v", *build_flags(tool, go_mod), "-o", str(temporary), tool.package]
    compiled = _Lines(f"{{}} of {found.number} packages compiled")
    run_shown(label, compile_packages, summarize=compiled.count, environment=ENVIRONMENT, directory=sources)
    temporary.replace(program)


class _Lines:
    """Counts the lines of output that start with `prefix`, and tells how many there were in the words of `text`."""

    def __init__(self, text: str, prefix: str = "") -> None:
        self.number = 0
        self._text = text
        self._prefix = prefix

    def count(self, line: str) -> str:
        if not line.startswith(self._prefix):
            return ""
        self.number += 1
        return self._text.format(self.number)


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
