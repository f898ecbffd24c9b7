"""The npm packages that every function may import: from a lock, no install script run, only what Node loads kept."""

import shutil
from pathlib import Path

from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.command import run
from xkit_operator.image.build.node import FETCH
from xkit_operator.image.build.npm_lock import check_lock
from xkit_operator.image.layer import Layer

LOADABLE = {".js", ".cjs", ".mjs", ".json", ".node", ".wasm"}
INSTALL = ("npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error")


def packages_layer(cache: LayerCache, lock: Path) -> Layer:
    """The layer with /app/package.json and /app/node_modules as `lock` and the package.json beside it say.

    Raises BuildFailed when they name anything but packages of the registry with their checksums.
    """
    check_lock(lock)
    inputs = {path.name: path.read_text("utf-8") for path in (lock.with_name("package.json"), lock)}

    def fill(root: Path) -> None:
        app = root / "app"
        app.mkdir()
        for name, text in inputs.items():
            (app / name).write_text(text, "utf-8")
        run(INSTALL, remedy=FETCH, directory=app)
        (app / lock.name).unlink()
        _prune(app / "node_modules")

    return cache.layer("packages", inputs, fill)


def _prune(modules: Path) -> None:
    for hidden in list(modules.rglob(".*")):
        if hidden.is_dir():
            shutil.rmtree(hidden)
        else:
            hidden.unlink(missing_ok=True)  # its folder may have been hidden, too
    for path in list(modules.rglob("*")):
        if path.is_file() and path.suffix not in LOADABLE and not _is_licence(path):
            path.unlink()


def _is_licence(path: Path) -> bool:
    """Whether `path` is a licence: the README too, of a package that has its licence nowhere else."""
    if path.name.lower().startswith(("license", "licence", "copying", "notice")):
        return True
    siblings = {sibling.name.lower() for sibling in path.parent.iterdir()}
    alone = "package.json" in siblings and not any(name.startswith(("license", "licence")) for name in siblings)
    return path.name.lower() == "readme.md" and alone
