"""Programs of Debian that tests run, installed by the first one that asks: nothing has to be done beforehand."""

import os
import shutil

from dev.cluster.packages import install_command, supply


def program(name: str, package: str | None = None) -> str:
    """The path of a program; its package has the same name unless said otherwise.

    Raises RuntimeError, with the command that installs it, where that takes somebody else.
    """
    packages = {package or name}
    found = shutil.which(name)
    if found is None and os.geteuid() == 0:
        supply(packages)
        found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: {install_command(packages)}")
    return found
