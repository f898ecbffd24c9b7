"""Runtimes: what the functions of a Destination stand on, read from the OCI layouts that a release carries.

A runtime is an image without functions. Its entrypoint says where its Node binary and its executor are, and so does
it in every function image built on it.
"""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xkit_operator.errors import UnknownRuntime
from xkit_operator.image import layout
from xkit_operator.image.manifest import Image, Process


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """One runtime of this release.

    `node` and `check_script` are files of this machine: the runtime's own binary, and the program that parses
    functions with it.
    """

    name: str
    image: Image
    process: Process
    node: Path
    check_script: Path

    @property
    def digest(self) -> str:
        return self.image.manifest.digest

    @property
    def reference(self) -> str:
        """Its name and its digest, as a status names what an image stands on: `nodejs14@sha256:…`."""
        return f"{self.name}@{self.digest}"


class RuntimeCatalogue:
    """The runtimes in `directory`, an OCI layout for each, named after it. Raises BuildFailed for a damaged one.

    `root` is where the node and executor layers of these runtimes are unpacked: the root of the operator's own image.
    """

    def __init__(self, directory: Path, root: Path = Path("/")) -> None:
        found = sorted(path.parent for path in directory.glob("*/oci-layout"))
        self._runtimes = {path.name: _read(path, root) for path in found}

    def references(self) -> frozenset[str]:
        """Name and digest of each."""
        return frozenset(runtime.reference for runtime in self._runtimes.values())

    def get(self, name: str) -> Runtime:
        """The runtime that a spec names. Raises UnknownRuntime."""
        if name not in self._runtimes:
            known = ", ".join(self._runtimes) or "none"
            raise UnknownRuntime(f"spec.runtime: this release has no runtime {name!r}; choose one of: {known}")
        return self._runtimes[name]


def _read(directory: Path, root: Path) -> Runtime:
    image = layout.read(directory)
    config = json.loads(image.config.read())["config"]
    node, host = (PurePosixPath(argument).relative_to("/") for argument in config["Entrypoint"])
    return Runtime(
        name=directory.name,
        image=image,
        process=Process(
            entrypoint=config["Entrypoint"],
            environment=dict(variable.split("=", 1) for variable in config["Env"]),
        ),
        node=root / node,
        check_script=root / host.with_name("check.js"),
    )
