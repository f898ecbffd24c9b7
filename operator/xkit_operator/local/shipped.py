"""The files of the runtimes that come with this package: what they are made of, and the executor's JavaScript.

They stand inside the package where it was installed from a wheel, and beside it in a source tree.
"""

from pathlib import Path

from xkit_operator.image.build.declaration import Declaration, read_declaration

RUNTIME = "nodejs14"
"""The runtime of local commands: the only one there is."""

_PLACES = (Path(__file__).parent / "runtimes", Path(__file__).parents[3] / "runtimes")


def runtimes_folder() -> Path:
    """The folder with `nodejs14` and `executor`."""
    return next(place for place in _PLACES if (place / RUNTIME).is_dir())


def executor_folder() -> Path:
    """The folder whose *.js are the executor."""
    return runtimes_folder() / "executor"


def declaration(runtime: str = RUNTIME) -> Declaration:
    """What `runtime` is made of."""
    return read_declaration(runtimes_folder() / runtime)


def lock(runtime: str = RUNTIME) -> Path:
    """The package-lock.json of the default packages; a package.json is beside it."""
    return runtimes_folder() / runtime / declaration(runtime).packages


def known_runtimes() -> list[str]:
    """The names that spec.runtime may have."""
    return sorted(path.parent.name for path in runtimes_folder().glob("*/runtime.yaml"))
