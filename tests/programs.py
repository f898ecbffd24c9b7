"""Programs of Debian that tests run, installed by the first one that asks: nothing has to be done beforehand."""

import os
import shutil
from pathlib import Path

from dev.cluster.packages import install, install_command, installable

_RELEASE = Path("/etc/os-release")


def program(name: str, package: str | None = None) -> str:
    """The path of a program; its package has the same name unless said otherwise.

    Raises RuntimeError, with the command that installs it, where that takes somebody else.
    """
    packages = {package or name}
    found = shutil.which(name)
    if found is None and os.geteuid() == 0 and _RELEASE.exists() and installable(_RELEASE.read_text()):
        install(packages)
        found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: {install_command(packages)}")
    return found
