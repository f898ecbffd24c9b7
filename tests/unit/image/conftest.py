"""`runtime` is a runtime in miniature, written and read as a release does it."""

from pathlib import Path

import pytest

from xkit_operator.image import layout
from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import Process, image
from xkit_operator.image.runtime import Runtime, RuntimeCatalogue


@pytest.fixture
def runtimes(tmp_path: Path) -> Path:
    process = Process(
        entrypoint=["/opt/nodejs14/bin/node", "/app/executor/host.js"],
        environment={"PATH": "/opt/nodejs14/bin", "TZ": "UTC", "NODE_OPTIONS": "--a=b"},
        labels={"org.opencontainers.image.title": "runtime-nodejs14"},
    )
    layers = [pack([Entry.file("opt/nodejs14/bin/node", b"node", 0o755)]), pack([Entry.file("app/a.js", b"1")])]
    layout.write(image(layers, process), tmp_path / "runtimes" / "nodejs14")
    return tmp_path / "runtimes"


@pytest.fixture
def runtime(runtimes: Path) -> Runtime:
    return RuntimeCatalogue(runtimes).get("nodejs14")
