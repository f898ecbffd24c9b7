"""Python in an image: Debian's interpreter, the locked dependencies, and our own package, each with its bytecode."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.command import run
from xkit_operator.image.build.debian import Debian
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
SITE = "app/site-packages"
SOURCE_SUFFIXES = {".c", ".h", ".pxd", ".pxi", ".pyi", ".pyx"}
PIP = (
    *("--quiet", "--no-compile", "--no-deps", "--require-hashes"),
    *("--implementation", "cp", "--python-version", "3.11"),
    *("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux2014_x86_64"),
    # Wheels only, so that nothing is compiled for the building machine; www-authenticate has none and is one module.
    *("--only-binary", ":all:", "--no-binary", "www-authenticate", "--use-pep517", "--no-build-isolation"),
)


def python_layer(cache: LayerCache, debian: Debian, system: Layer) -> Layer:
    """The interpreter and the standard library, on the `system` layer."""
    versions = debian.versions(PACKAGES)

    def fill(root: Path) -> None:
        debian.unpack(versions, root)
        for name in UNUSED:
            shutil.rmtree(root / LIBRARY / name, ignore_errors=True)
        # A hook for Debian's crash reports: a link to a file of the machine that it is read on.
        (root / LIBRARY / "sitecustomize.py").unlink()
        (root / "usr/bin/python3").symlink_to("python3.11")
        with _unpacked(system) as below:
            Interpreter(system=below, python=root).compile(root, LIBRARY)

    return cache.layer("python", {"debian": versions, "system": system.diff_id}, fill)


def site_layer(cache: LayerCache, lock: Path, *below: Layer) -> Layer:
    """The dependencies that `lock` pins by hash, for an image with the layers `below`."""

    def fill(root: Path) -> None:
        site = root / SITE
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "install",
            *PIP,
            "--target",
            site,
            "--requirement",
            lock,
        ]
        run(command, remedy="check that pip reaches its index, then build again")
        shutil.rmtree(site / "bin", ignore_errors=True)
        for path in list(site.rglob("*")):
            # RECORD would list what is no longer there.
            if path.suffix in SOURCE_SUFFIXES or path.name == "RECORD":
                path.unlink()
        _compile(root, *below)

    return cache.layer(f"site-{lock.stem}", {"lock": lock.read_text(), "below": [one.diff_id for one in below]}, fill)


def own_layer(cache: LayerCache, package: Path, *below: Layer) -> Layer:
    """Our own package, as it is now: the key is its content."""
    sources = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    content = {path.relative_to(package).as_posix(): path.read_text() for path in sources}

    def fill(root: Path) -> None:
        for name, text in content.items():
            path = root / SITE / package.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        _compile(root, *below)

    return cache.layer(package.name, {"content": content, "below": [one.diff_id for one in below]}, fill)


def _compile(root: Path, *below: Layer) -> None:
    with _unpacked(*below) as base:
        Interpreter(system=base, python=base).compile(root, SITE)


@contextmanager
def _unpacked(*layers: Layer) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as work:
        unpack(layers, Path(work))
        yield Path(work)
