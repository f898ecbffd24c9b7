"""The components' log files: emptied when the cluster starts, and cut when they grow too long while it runs."""

import os
import shutil
from pathlib import Path
from typing import BinaryIO

LIMIT_BYTES = 32 << 20


def open_log(path: Path, *, fresh: bool) -> BinaryIO:
    """A file to append to. Appending is what makes cutting it safe while a process writes."""
    if fresh:
        path.unlink(missing_ok=True)
    return path.open("ab")


def bound(path: Path, limit: int = LIMIT_BYTES) -> None:
    """Move the content of `path` to `path`.1 when it is longer than `limit` bytes."""
    if path.exists() and path.stat().st_size > limit:
        shutil.copyfile(path, path.with_name(f"{path.name}.1"))
        os.truncate(path, 0)
