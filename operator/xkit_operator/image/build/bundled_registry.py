"""The registry that the chart can bring along: Debian's docker-registry over plain HTTP on port 5000."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.debian import Debian
from xkit_operator.image.build.debian_lock import Package
from xkit_operator.image.layer import Layer
from xkit_operator.image.manifest import Process

STORAGE = "var/lib/registry"
CONFIGURATION = "etc/docker/registry/config.yml"
SETTINGS: Mapping[str, Any] = {
    "version": 0.1,
    "log": {"level": "info", "accesslog": {"disabled": True}},
    "storage": {"filesystem": {"rootdirectory": f"/{STORAGE}"}, "delete": {"enabled": True}},
    "http": {"addr": ":5000"},
}


def registry_layer(cache: LayerCache, debian: Debian, packages: Sequence[Package]) -> Layer:
    """The registry out of these Debian `packages`, its settings, and the folder for its data."""

    def fill(root: Path) -> None:
        debian.unpack(packages, root)
        (root / CONFIGURATION).write_text(json.dumps(SETTINGS, indent=2), "utf-8")
        storage = root / STORAGE
        storage.mkdir(parents=True)
        storage.chmod(0o1777)  # nobody may write there even without a volume

    inputs = {"debian": [astuple(package) for package in packages], "settings": SETTINGS}
    return cache.layer("registry", inputs, fill)


def registry_process(labels: Mapping[str, str]) -> Process:
    return Process(
        entrypoint=["/usr/bin/docker-registry"],
        arguments=["serve", f"/{CONFIGURATION}"],
        environment={"PATH": "/usr/bin:/bin"},
        labels=labels,
    )
