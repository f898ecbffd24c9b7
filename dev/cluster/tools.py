"""The programs that are built from the Go module dev/tools, and the key under which each is cached.

Pure but for reading the module's files: `build` compiles. A key covers everything that decides what comes out, so a
cached program is never stale, and checkouts of different versions share one cache.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "tools"


@dataclass(frozen=True)
class Tool:
    """One program, and the package that `go build` makes it of."""

    name: str
    package: str
    # the linker sets `stamp` to the version of `module` in go.mod: these programs tell their version to clients
    module: str = ""
    stamp: str = ""


# kube first: what it compiles, the others find in Go's cache, since one go.mod selects the same versions for all
TOOLS = (
    Tool("kube", "./kube", module="k8s.io/kubernetes", stamp="k8s.io/component-base/version.gitVersion"),
    Tool("metrics-server", "./metrics-server"),
    Tool("network-policies", "./network-policies"),
    Tool("coredns", "./coredns"),
    Tool(
        "helm",
        "helm.sh/helm/v4/cmd/helm",
        module="helm.sh/helm/v4",
        stamp="helm.sh/helm/v4/internal/version.version",
    ),
    Tool("pause", "./pause"),
)


def module_version(go_mod: str, module: str) -> str:
    """The version that the text of a go.mod requires of `module`. Raises ValueError when it requires none."""
    found = re.search(rf"^\s*(?:require\s+)?{re.escape(module)}\s+(v\S+)", go_mod, re.MULTILINE)
    if not found:
        raise ValueError(f"go.mod does not require {module}")
    return found[1]


def build_flags(tool: Tool, go_mod: str) -> list[str]:
    """The flags of `go build`: small, static, and the same bytes from every checkout."""
    linker = "-s -w"
    if tool.stamp:
        linker += f" -X {tool.stamp}={module_version(go_mod, tool.module)}"
    return ["-trimpath", "-buildvcs=false", "-mod=readonly", f"-ldflags={linker}"]


def cache_key(tool: Tool, sources: Path, compiler: str) -> str:
    """The sum of the program's own files, the versions, the flags and the compiler (`go env GOVERSION GOARCH`)."""
    files = [sources / "go.mod", sources / "go.sum", *sorted((sources / tool.name).glob("*.go"))]
    total = hashlib.sha256()
    for part in [tool.name, tool.package, compiler, *build_flags(tool, (sources / "go.mod").read_text())]:
        total.update(f"{part}\0".encode())
    for file in files:
        content = file.read_bytes()
        total.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()[:16]


def bin_directory(cache: Path, keys: list[str]) -> Path:
    """The directory that holds exactly the programs of `keys` under their plain names."""
    return cache / "bin" / hashlib.sha256(" ".join(keys).encode()).hexdigest()[:12]
