"""An image's own Python, run on the building machine to make bytecode that it will accept.

Through its own loader and libraries, out of unpacked layers: whatever Python and libc the machine has, they do not
matter.
"""

from dataclasses import dataclass
from pathlib import Path

from xkit_operator.image.build.command import run

LIBRARY_FOLDERS = ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")


@dataclass(frozen=True)
class Interpreter:
    """Python 3.11 below `python`, on the C library below `system`; both may be the same folder."""

    system: Path
    python: Path

    def compile(self, root: Path, folder: str) -> None:
        """Put the bytecode of all modules in `folder`, which will be /`folder` in the image, beside them.

        It is taken as it is, without a look at the source, which cannot change in an image: half the time to a start.
        """
        libraries = ":".join(str(base / name) for base in (self.system, self.python) for name in LIBRARY_FOLDERS)
        python: list[str | Path] = [
            self.system / "lib64/ld-linux-x86-64.so.2",
            "--library-path",
            libraries,
            self.python / "usr/bin/python3.11",
        ]
        compileall = ["-S", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
        run(
            [*python, *compileall, "-s", root, "-p", "/", root / folder],
            remedy="a module does not compile with the image's Python",
            # A fixed seed: the order of sets is part of the bytecode.
            environment={"PYTHONHOME": str(self.python / "usr"), "PYTHONHASHSEED": "0", "PYTHONPATH": ""},
        )
