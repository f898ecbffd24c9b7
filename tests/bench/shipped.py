"""The dispatcher's image, unpacked: a Pod runs its Python, its packages and its bytecode, not those of a developer.

A Python built by hand, without profile-guided optimization, takes noticeably more time for the same work.
"""

import tempfile
from functools import cache
from pathlib import Path

from tests.executor.pod import ROOT, Python
from xkit_operator.image.build.cache import cache_directory
from xkit_operator.image.build.distributions import SITE
from xkit_operator.image.build.interpreter import LIBRARY_FOLDERS
from xkit_operator.image.build.release import Origin, Release
from xkit_operator.image.layer import unpack


def shipped_python() -> Python:
    """What runs the dispatcher in a Pod, through its own loader and C library."""
    root = Path(_image().name)
    libraries = ":".join(str(root / folder) for folder in LIBRARY_FOLDERS)
    loader = (str(root / "lib64/ld-linux-x86-64.so.2"), "--library-path", libraries)
    return Python(
        command=(*loader, str(root / "usr/bin/python3.11")),
        environment={"PYTHONHOME": str(root / "usr"), "PYTHONPATH": str(root / SITE), "PYTHONUNBUFFERED": "1"},
    )


@cache
def _image() -> tempfile.TemporaryDirectory[str]:
    """Removed when this process ends."""
    folder = tempfile.TemporaryDirectory(prefix="xkit-bench-image-")
    release = Release(Origin(source=ROOT), cache_directory(), lambda _: None)
    unpack(release.dispatcher().layers, Path(folder.name))
    return folder
