"""The one thing that pyproject.toml cannot say: the wheel carries the runtime's files, which stand outside the package.

Local commands need them (xkit_operator/local/shipped.py); in a source tree they are read where they are.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CARRIED = (
    "runtimes/nodejs14/runtime.yaml",
    "runtimes/nodejs14/package.json",
    "runtimes/nodejs14/package-lock.json",
    "runtimes/executor/*.js",
    "runtimes/executor/golden/*.js",
)


class BuildWithRuntimes(build_py):
    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for pattern in CARRIED:
            for file in sorted(Path().glob(pattern)):
                target = Path(self.build_lib, "xkit_operator", "local", file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)


setup(cmdclass={"build_py": BuildWithRuntimes})
