"""Which parts make which image of a release: the runtime, the operator, the dispatcher, and the registry of the chart.

The images share their lower layers, so a registry and a node keep each of them once.
"""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from xkit_operator import __version__
from xkit_operator.image import layout
from xkit_operator.image.build.cache import LayerCache, Report
from xkit_operator.image.build.python import SITE, own_layer, python_layer, site_layer
from xkit_operator.image.build.runtime import build_runtime
from xkit_operator.image.build.system import CERTIFICATES
from xkit_operator.image.layer import Layer
from xkit_operator.image.manifest import Image, Process, image

RUNTIME = "nodejs14"
RUNTIMES = "app/runtimes"
REGISTRY_STORAGE = "var/lib/registry"
REGISTRY_CONFIGURATION = "etc/docker/registry/config.yml"
REGISTRY_SETTINGS: Mapping[str, Any] = {
    "version": 0.1,
    "log": {"level": "info", "accesslog": {"disabled": True}},
    "storage": {"filesystem": {"rootdirectory": f"/{REGISTRY_STORAGE}"}, "delete": {"enabled": True}},
    "http": {"addr": ":5000"},
}


class Release:
    """The images of the source tree at `source`; `directory` keeps what builds fetch and make.

    Each method gives one image, and raises BuildFailed.
    """

    def __init__(self, source: Path, directory: Path, report: Report) -> None:
        self._source = source
        self._cache = LayerCache(directory / "layers", report)
        self._parts = build_runtime(source / "runtimes" / RUNTIME, self._cache, directory)

    @cached_property
    def _python(self) -> Layer:
        return python_layer(self._cache, self._parts.debian, self._parts.system)

    @cached_property
    def _own(self) -> Layer:
        package = self._source / "operator" / "xkit_operator"
        return own_layer(self._cache, package, self._parts.system, self._python)

    def _with_site(self, name: str) -> list[Layer]:
        lock = self._source / "requirements" / f"{name}.txt"
        below = [self._parts.system, self._python]
        return [*below, site_layer(self._cache, lock, *below)]

    def runtime(self) -> Image:
        return self._parts.image

    def operator(self) -> Image:
        """The operator, with the runtime to push, and of the runtime what checks the syntax of functions."""
        parts = self._parts
        carried = self._cache.layer("runtimes", {"runtime": parts.image.manifest.digest}, self._write_runtime)
        layers = [*self._with_site("operator"), parts.node, parts.executor, carried, self._own]
        return image(layers, _python_process("operator", "app"))

    def dispatcher(self) -> Image:
        return image([*self._with_site("dispatcher"), self._own], _python_process("dispatcher", "dispatcher"))

    def registry(self) -> Image:
        """Debian's docker-registry over plain HTTP on port 5000, for the chart's bundled registry."""
        versions = self._parts.debian.versions(["docker-registry"])

        def fill(root: Path) -> None:
            self._parts.debian.unpack(versions, root)
            (root / REGISTRY_CONFIGURATION).write_text(json.dumps(REGISTRY_SETTINGS, indent=2))
            storage = root / REGISTRY_STORAGE
            storage.mkdir(parents=True)
            storage.chmod(0o1777)  # nobody may write there even without a volume

        layer = self._cache.layer("registry", {"debian": versions, "settings": REGISTRY_SETTINGS}, fill)
        process = Process(
            entrypoint=["/usr/bin/docker-registry"],
            arguments=["serve", f"/{REGISTRY_CONFIGURATION}"],
            environment={"PATH": "/usr/bin:/bin"},
            labels=_labels("registry"),
        )
        return image([self._parts.system, layer], process)

    def _write_runtime(self, root: Path) -> None:
        layout.write(self._parts.image, root / RUNTIMES / self._parts.name)


# By the name that a user gives: the name of the layout, and what makes its image.
IMAGES: Mapping[str, tuple[str, Callable[[Release], Image]]] = {
    "runtime": (f"runtime-{RUNTIME}", Release.runtime),
    "operator": ("operator", Release.operator),
    "dispatcher": ("dispatcher", Release.dispatcher),
    "registry": ("registry", Release.registry),
}


def _python_process(name: str, module: str) -> Process:
    return Process(
        entrypoint=["/usr/bin/python3", "-m", f"xkit_operator.{module}"],
        environment={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": f"/{SITE}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "SSL_CERT_FILE": CERTIFICATES,
        },
        labels=_labels(name),
    )


def _labels(name: str) -> dict[str, str]:
    return {
        "org.opencontainers.image.title": f"xkit-operator {name}",
        "org.opencontainers.image.version": __version__,
        "org.opencontainers.image.licenses": "Apache-2.0",
    }
