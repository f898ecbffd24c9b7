"""Whether a project has changed on disk, by the time, size and number of each of its files.

Looked at again and again: a few stats each time, which works on every file system and needs no library. An editor that
writes a new file and moves it into place changes the number, one that writes in place the time.
"""

from collections.abc import Iterable
from pathlib import Path

from xkit_operator.local.functions import FOLDER
from xkit_operator.local.tree import STANDARD_INPUT, manifest_files

SECONDS = 0.1

Snapshot = dict[Path, tuple[int, int, int]]


def snapshot(paths: Iterable[Path], *, more: Iterable[Path] = ()) -> Snapshot:
    """What is there now: the manifests of `paths`, the functions beside them, and `more`."""
    manifests = [path for path in manifest_files(paths) if path != STANDARD_INPUT]
    folders = {path.parent / FOLDER for path in manifests}
    functions = [file for folder in sorted(folders) if folder.is_dir() for file in sorted(folder.iterdir())]
    return {path: stamp for path in (*manifests, *functions, *more) if (stamp := _stamp(path))}


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
