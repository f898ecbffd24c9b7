"""The runtime's default packages on this machine: installed once into the user's cache, as its lock says."""

import hashlib
import shutil
from pathlib import Path

from xkit_operator.errors import PackagesNotFound
from xkit_operator.image.build.cache import cache_directory
from xkit_operator.local.node import Report
from xkit_operator.local.npm import NpmFailed, npm
from xkit_operator.local.once import once
from xkit_operator.local.shipped import lock


def default_packages(report: Report) -> Path:
    """The folder with package.json and node_modules. Raises PackagesNotFound, which says how to get them."""
    pinned = lock()
    folder = cache_directory() / "packages" / hashlib.sha256(pinned.read_bytes()).hexdigest()[:16]

    def fetch(fresh: Path) -> None:
        report("fetching the default packages (some 3 MB, once)")
        for file in (pinned, pinned.with_name("package.json")):
            shutil.copy(file, fresh)
        npm("ci", "--prefix", fresh, "--ignore-scripts")

    try:
        return once(folder, fetch)
    except (NpmFailed, OSError) as error:
        raise PackagesNotFound(
            f"the runtime's default packages are not here and could not be fetched: {error}."
            f" Try again where npm reaches its registry; copied from another machine, they belong at {folder}"
        ) from error
