"""One thing that is wrong, or looks wrong, in a file: where, which code, and what to do.

Collected instead of raised, so that one look tells of all of them.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """How bad it is. Only an error would be refused by the API server or the operator."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where in a file, both counted from 1."""

    path: Path
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """Sorted by place."""

    place: Place
    code: str
    message: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        level = "" if self.level is Level.ERROR else f"{self.level}: "
        return f"{self.place}: {level}{self.code}: {self.message}"
