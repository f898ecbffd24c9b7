"""Which files the paths at the command line mean: files as they are named, folders for the YAML in them."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = (".yaml", ".yml")
STANDARD_INPUT = Path("-")
"""As a path: the text that is piped in."""


def manifest_files(paths: Iterable[Path]) -> list[Path]:
    """The files, each once, those of a folder sorted.

    Left out below a folder: what is hidden, `node_modules`, and the templates of Helm charts, which are no YAML yet.
    """
    # a pipe is read like a file: `xkit check <(helm template …)`
    found = (file for path in paths for file in (_below(path) if path.is_dir() else [path]))
    return list(dict.fromkeys(found))


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        templates = {"templates"} if "Chart.yaml" in files else set()
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in templates | {"node_modules"})
        yield from (Path(place, name) for name in sorted(files) if name.endswith(SUFFIXES) and name[0] != ".")
