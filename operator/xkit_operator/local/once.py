"""A folder of the user's cache that is filled once: beside its place, and moved there whole.

A run that is broken off leaves nothing half done, and of two at once the slower one takes what the faster one made. The
executor's own tests (runtimes/executor/test/support/cache.mjs) keep the same folders in the same way.
"""

import errno
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def once(folder: Path, fill: Callable[[Path], None]) -> Path:
    """`folder`, filled by `fill` if it does not exist yet; what `fill` raises is raised."""
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        fill(fresh)
        fresh.rename(folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not folder.exists():
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder
