"""The Python distributions of our own images, each with its bytecode: locked dependencies, and our own package."""

from collections.abc import Sequence
from pathlib import Path

from xkit_operator import __version__
from xkit_operator.image.build import wheels
from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.python import compile_modules
from xkit_operator.image.layer import Layer

SITE = "app/site-packages"
SOURCE_SUFFIXES = {".c", ".h", ".pxd", ".pxi", ".pyi", ".pyx"}
METADATA = f"""\
Metadata-Version: 2.4
Name: xkit-operator
Version: {__version__}
License-Expression: Apache-2.0
License-File: LICENSE
"""


def site_layer(cache: LayerCache, lock: Path, below: Sequence[Layer], *, archives: Path) -> Layer:
    """The dependencies that `lock` pins by hash, for an image with the layers `below`; `archives` keeps wheels."""

    def fill(root: Path) -> None:
        site = root / SITE
        wheels.install(lock, site, archives)
        for path in list(site.rglob("*")):
            # RECORD would list what is no longer there.
            if path.suffix in SOURCE_SUFFIXES or path.name == "RECORD":
                path.unlink()
        compile_modules(root, SITE, *below)

    inputs = {"lock": lock.read_text("utf-8"), "below": [one.diff_id for one in below]}
    return cache.layer(f"site-{lock.stem}", inputs, fill)


def own_layer(cache: LayerCache, package: Path, licence: Path, below: Sequence[Layer]) -> Layer:
    """Our own package with its `licence`, as it is now: the key is its content."""
    sources = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    content = {f"{package.name}/{path.relative_to(package).as_posix()}": path.read_text("utf-8") for path in sources}
    record = f"{package.name}-{__version__}.dist-info"
    content[f"{record}/METADATA"] = METADATA
    content[f"{record}/licenses/{licence.name}"] = licence.read_text("utf-8")

    def fill(root: Path) -> None:
        for name, text in content.items():
            path = root / SITE / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        compile_modules(root, SITE, *below)

    return cache.layer(package.name, {"content": content, "below": [one.diff_id for one in below]}, fill)
