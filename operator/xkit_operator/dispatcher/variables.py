"""The Destination's variables: literals of the configuration, and files that the kubelet fills from Secrets.

The kubelet replaces all files at once by swapping a link, so a change is seen as another file behind the same name.
All files count as secret: a function's output is masked by their texts, which are never trimmed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xkit_operator.dispatcher import json_text
from xkit_operator.errors import InvalidVariable

if TYPE_CHECKING:
    from xkit_operator.api.runner import RunnerVariables

Stamp = tuple[tuple[str, int, int], ...]


class Variables:
    """What the executors get as `configure` payload, and whether it has changed."""

    def __init__(self, declared: RunnerVariables, directory: Path) -> None:
        self._declared = declared
        self._directory = directory
        self._stamp: Stamp | None = None

    def read(self) -> bytes:
        """The payload now.

        Raises InvalidVariable, which names the variable, when a file is absent or no UTF-8 text.
        """
        stamp = self._look()
        files = {name: self._text(name) for name in self._declared.files}
        self._stamp = stamp
        return json_text.dump(
            {"variables": {**self._declared.literals, **files}, "secrets": list(self._declared.files)}
        )

    def have_changed(self) -> bool:
        """Whether a file is another one than at the last `read` that worked."""
        return self._look() != self._stamp

    def _text(self, name: str) -> str:
        try:
            return (self._directory / name).read_bytes().decode()
        except OSError as error:
            raise InvalidVariable(f"variable {name} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise InvalidVariable(f"variable {name} is no UTF-8 text") from error

    def _look(self) -> Stamp:
        return tuple((name, *self._stat(name)) for name in self._declared.files)

    def _stat(self, name: str) -> tuple[int, int]:
        try:
            found = (self._directory / name).stat()
        except OSError:
            return (0, 0)
        return found.st_ino, found.st_mtime_ns
