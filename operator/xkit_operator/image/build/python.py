"""Python in an image: Debian's interpreter and standard library, and bytecode for whatever lies on it."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.debian import Debian
from xkit_operator.image.build.debian_lock import Package
from xkit_operator.image.build.interpreter import Interpreter
from xkit_operator.image.layer import Layer, unpack

PACKAGES = (
    "libbz2-1.0",
    "libexpat1",
    "libffi8",
    "liblzma5",
    "libpython3.11-minimal",
    "libpython3.11-stdlib",
    "libssl3",
    "libuuid1",
    "python3.11-minimal",
    "zlib1g",
)
LIBRARY = "usr/lib/python3.11"
UNUSED = ("ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tkinter", "turtledemo")


def python_layer(cache: LayerCache, debian: Debian, packages: Sequence[Package], system: Layer) -> Layer:
    """The interpreter and the standard library out of these Debian `packages`, on the `system` layer."""

    def fill(root: Path) -> None:
        debian.unpack(packages, root)
        for name in UNUSED:
            shutil.rmtree(root / LIBRARY / name, ignore_errors=True)
        # A hook for Debian's crash reports: a link to a file of the machine that it is read on.
        (root / LIBRARY / "sitecustomize.py").unlink()
        (root / "usr/bin/python3").symlink_to("python3.11")
        with _unpacked(system) as below:
            Interpreter(system=below, python=root).compile(root, LIBRARY)

    return cache.layer("python", {"debian": [astuple(package) for package in packages], "system": system.diff_id}, fill)


def compile_modules(root: Path, folder: str, *below: Layer) -> None:
    """Put the bytecode of the modules in `folder` below `root` beside them, for an image with the layers `below`."""
    with _unpacked(*below) as base:
        Interpreter(system=base, python=base).compile(root, folder)


@contextmanager
def _unpacked(*layers: Layer) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as work:
        unpack(layers, Path(work))
        yield Path(work)
