"""A runtime out of its declaration: os, node, packages, executor, lowest first, and how a container of it starts."""

from dataclasses import dataclass
from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.debian import Choice, Debian
from xkit_operator.image.build.debian_lock import Package
from xkit_operator.image.build.declaration import Declaration, read_declaration
from xkit_operator.image.build.executor import executor_layer
from xkit_operator.image.build.node import node_layer
from xkit_operator.image.build.packages import packages_layer
from xkit_operator.image.build.system import CERTIFICATES, system_layer
from xkit_operator.image.layer import Layer
from xkit_operator.image.manifest import Image, Process, image


@dataclass(frozen=True, kw_only=True)
class RuntimeParts:
    """The layers of a runtime by what they are, and what they are made by: our own images use some of both, too."""

    name: str
    debian: Debian
    debian_packages: list[Package]
    system: Layer
    node: Layer
    packages: Layer
    executor: Layer
    process: Process

    @property
    def image(self) -> Image:
        return image([self.system, self.node, self.packages, self.executor], self.process)


def build_runtime(folder: Path, cache: LayerCache, directory: Path, *, choice: Choice = Choice.LOCKED) -> RuntimeParts:
    """The runtime that `folder` declares; what has to be fetched is kept in `directory`. Raises BuildFailed."""
    declared = read_declaration(folder)
    debian = Debian(declared.debian.release, directory / "debs", choice=choice, report=cache.report)
    packages = debian.choose(declared.debian.packages, folder / declared.debian.lock)
    home = f"/opt/{declared.name}"
    return RuntimeParts(
        name=declared.name,
        debian=debian,
        debian_packages=packages,
        system=system_layer(cache, debian, packages),
        node=node_layer(cache, declared.node, folder=home, archives=directory / "npm"),
        packages=packages_layer(cache, folder / declared.packages),
        executor=executor_layer(cache, folder / declared.executor, folder / declared.licence),
        process=_process(declared, home),
    )


def _process(declared: Declaration, home: str) -> Process:
    return Process(
        entrypoint=[f"{home}/bin/node", "/app/executor/host.js"],
        environment={
            "PATH": f"{home}/bin:/usr/bin:/bin",
            "NODE_ENV": "production",
            "NODE_OPTIONS": "--use-openssl-ca",  # Debian's certificates, which are mended, not those in the binary
            "SSL_CERT_FILE": CERTIFICATES,
            "TZ": "UTC",
        },
        # The version is Node's, not the product's, and there is no revision: a release or a commit that changes
        # nothing in here must rebuild no image.
        labels={
            "org.opencontainers.image.title": f"runtime-{declared.name}",
            "org.opencontainers.image.version": declared.node.version,
            "org.opencontainers.image.licenses": "Apache-2.0",
        },
    )
