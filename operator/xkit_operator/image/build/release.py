"""Which parts make which image of a release: the runtime, the operator, the dispatcher, and the registry of the chart.

The images share their lower layers, so a registry and a node keep each of them once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xkit_operator import __version__
from xkit_operator.image import layout
from xkit_operator.image.build.bundled_registry import registry_layer, registry_process
from xkit_operator.image.build.cache import LayerCache, Report
from xkit_operator.image.build.debian import Choice
from xkit_operator.image.build.debian_lock import Package
from xkit_operator.image.build.distributions import SITE, own_layer, site_layer
from xkit_operator.image.build.inventory import Component
from xkit_operator.image.build.python import PACKAGES, python_layer
from xkit_operator.image.build.runtime import build_runtime
from xkit_operator.image.build.system import CERTIFICATES
from xkit_operator.image.layer import Layer
from xkit_operator.image.manifest import Image, Process, image

RUNTIME = "nodejs14"
RUNTIMES = "app/runtimes"
DEBIAN_LOCK = "requirements/debian.lock"
REGISTRY_PACKAGES = ("docker-registry",)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The source tree that a release is built of, and what its images say of it: its commit, when that is given."""

    source: Path
    choice: Choice = Choice.LOCKED
    revision: str = ""


class Release:
    """The images of one source tree; `directory` keeps what builds fetch and make.

    Each method gives one image, and raises BuildFailed.
    """

    def __init__(self, origin: Origin, directory: Path, report: Report) -> None:
        self._origin = origin
        self._directory = directory
        self.cache = LayerCache(directory / "layers", report)
        self.runtime_folder = origin.source / "runtimes" / RUNTIME
        self.parts = build_runtime(self.runtime_folder, self.cache, directory, choice=origin.choice)

    @cached_property
    def debian_packages(self) -> list[Package]:
        """What our own images have of Debian above the runtime's lowest layer."""
        return self.parts.debian.choose([*PACKAGES, *REGISTRY_PACKAGES], self._origin.source / DEBIAN_LOCK)

    @cached_property
    def _python(self) -> Layer:
        packages = [package for package in self.debian_packages if package.name in PACKAGES]
        return python_layer(self.cache, self.parts.debian, packages, self.parts.system)

    @cached_property
    def _own(self) -> Layer:
        source = self._origin.source
        below = [self.parts.system, self._python]
        return own_layer(self.cache, source / "operator" / "xkit_operator", source / "LICENSE", below)

    def _with_site(self, name: str) -> list[Layer]:
        lock = self._origin.source / "requirements" / f"{name}.txt"
        below = [self.parts.system, self._python]
        return [*below, site_layer(self.cache, lock, below, archives=self._directory / "wheels")]

    def runtime(self) -> Image:
        return self.parts.image

    def operator(self) -> Image:
        """The operator, with the runtime to push, and of the runtime what checks the syntax of functions."""
        parts = self.parts
        carried = self.cache.layer("runtimes", {"runtime": parts.image.manifest.digest}, self._write_runtime)
        layers = [*self._with_site("operator"), parts.node, parts.executor, carried, self._own]
        return image(layers, _python_process("app", self._labels("operator")))

    def dispatcher(self) -> Image:
        layers = [*self._with_site("dispatcher"), self._own]
        return image(layers, _python_process("dispatcher", self._labels("dispatcher")))

    def registry(self) -> Image:
        """Debian's docker-registry over plain HTTP on port 5000, for the chart's bundled registry."""
        packages = [package for package in self.debian_packages if package.name in REGISTRY_PACKAGES]
        layer = registry_layer(self.cache, self.parts.debian, packages)
        return image([self.parts.system, layer], registry_process(self._labels("registry")))

    def components(self, image: Image) -> list[Component]:
        """What `image` consists of; in the operator's, the runtime that it carries."""
        carried = [layer for layer in image.layers if self.cache.name(layer) == "runtimes"]
        inner = self.parts.image.layers if carried else ()
        return self.cache.components([*image.layers, *inner])

    def _write_runtime(self, root: Path) -> None:
        layout.write(self.parts.image, root / RUNTIMES / self.parts.name)

    def _labels(self, name: str) -> dict[str, str]:
        labels = {
            "org.opencontainers.image.title": f"xkit-operator {name}",
            "org.opencontainers.image.version": __version__,
            "org.opencontainers.image.licenses": "Apache-2.0",
        }
        if self._origin.revision:
            labels["org.opencontainers.image.revision"] = self._origin.revision
        return labels


# By the name that a user gives: the name of the layout, and what makes its image.
IMAGES: Mapping[str, tuple[str, Callable[[Release], Image]]] = {
    "runtime": (f"runtime-{RUNTIME}", Release.runtime),
    "operator": ("operator", Release.operator),
    "dispatcher": ("dispatcher", Release.dispatcher),
    "registry": ("registry", Release.registry),
}


def _python_process(module: str, labels: Mapping[str, str]) -> Process:
    return Process(
        entrypoint=["/usr/bin/python3", "-m", f"xkit_operator.{module}"],
        environment={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": f"/{SITE}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "SSL_CERT_FILE": CERTIFICATES,
        },
        labels=labels,
    )
