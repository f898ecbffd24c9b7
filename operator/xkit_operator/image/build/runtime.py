"""A runtime out of its declaration: os, node, packages, executor, lowest first, and how a container of it starts."""

from dataclasses import dataclass
from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.debian import Debian
from xkit_operator.image.build.declaration import read_declaration
from xkit_operator.image.build.node import node_layer
from xkit_operator.image.build.packages import packages_layer
from xkit_operator.image.build.system import CERTIFICATES, system_layer
from xkit_operator.image.layer import Entry, Layer, pack
from xkit_operator.image.manifest import Image, Process, image


@dataclass(frozen=True, kw_only=True)
class RuntimeParts:
    """The layers of a runtime by what they are: the operator's image uses some of them, too."""

    name: str
    debian: Debian
    system: Layer
    node: Layer
    packages: Layer
    executor: Layer
    process: Process

    @property
    def image(self) -> Image:
        return image([self.system, self.node, self.packages, self.executor], self.process)


def build_runtime(folder: Path, cache: LayerCache, directory: Path) -> RuntimeParts:
    """The runtime that `folder` declares; what has to be fetched is kept in `directory`. Raises BuildFailed."""
    declared = read_declaration(folder)
    home = f"/opt/{declared.name}"
    debian = Debian(declared.debian.release, directory / "debs")
    return RuntimeParts(
        name=declared.name,
        debian=debian,
        system=system_layer(cache, debian, declared.debian.packages),
        node=node_layer(cache, declared.node, folder=home, archives=directory / "npm"),
        packages=packages_layer(cache, folder / declared.packages),
        executor=_executor_layer(folder / declared.executor),
        # The version is Node's, not the product's: a release that changes nothing in here must rebuild no image.
        process=Process(
            entrypoint=[f"{home}/bin/node", "/app/executor/host.js"],
            environment={
                "PATH": f"{home}/bin:/usr/bin:/bin",
                "NODE_ENV": "production",
                "NODE_OPTIONS": "--use-openssl-ca",  # Debian's certificates, which are mended, not those in the binary
                "SSL_CERT_FILE": CERTIFICATES,
                "TZ": "UTC",
            },
            labels={
                "org.opencontainers.image.title": f"runtime-{declared.name}",
                "org.opencontainers.image.version": declared.node.version,
            },
        ),
    )


def _executor_layer(folder: Path) -> Layer:
    files = [Entry.file(f"app/executor/{path.name}", path.read_bytes()) for path in folder.glob("*.js")]
    return pack([Entry.directory("app"), Entry.directory("app/executor"), *files])
