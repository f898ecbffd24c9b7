"""How far a file has been sent: every line before the position is settled, whatever happens to this process.

Records settle in any order; the position moves on when the first one that is open has. It is written whole, beside its
place and moved there, so a process that is killed leaves the last position behind, never half of one.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_HEAD = 4096
"""Bytes at the start of the file that tell it from another one."""


class WrongPosition(ValueError):
    """A position that cannot be of this file."""


@dataclass(frozen=True)
class Position:
    """A place between two lines."""

    line: int = 0
    """Lines before it."""
    offset: int = 0
    """Bytes before it."""


class Progress:
    """Which records are open, and the position that follows from it."""

    def __init__(self, start: Position) -> None:
        self._settled_to = start
        self._taken: dict[int, Position | None] = {}  # in the order of the file; None while it is open
        self._ends: dict[int, Position] = {}

    @property
    def position(self) -> Position:
        return self._settled_to

    def take(self, line: int, end: int) -> None:
        """A line is being sent."""
        self._taken[line] = None
        self._ends[line] = Position(line, end)

    def settle(self, line: int) -> None:
        """A line is settled: answered for good, and written down where that is asked for."""
        self._taken[line] = self._ends.pop(line)
        while self._taken and (first := next(iter(self._taken.values()))) is not None:
            self._settled_to = first
            del self._taken[first.line]


class PositionFile:
    """The position of one file of records, kept beside it."""

    def __init__(self, path: Path, records: Path) -> None:
        self._path = path
        self._records = records

    def read(self) -> Position:
        """Where to go on; the start when nothing is known. Raises WrongPosition, also when the records are others."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return Position()
        except OSError as error:
            raise WrongPosition(f"{self._path} cannot be read: {error.strerror}") from error
        try:
            found = json.loads(text)
            position = Position(int(found["line"]), int(found["offset"]))
            head = str(found["head"])
        except (ValueError, KeyError, TypeError) as error:
            raise WrongPosition(f"{self._path} holds no position") from error
        size = self._records.stat().st_size
        if size < position.offset or head != self._head(position.offset):
            raise WrongPosition(
                f"{self._path} is the position of another file than {self._records}: remove it to start anew"
            )
        return position

    def write(self, position: Position) -> None:
        """Keep `position`. Raises OSError."""
        text = json.dumps({**asdict(position), "head": self._head(position.offset)})
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def _head(self, offset: int) -> str:
        """Tells the records that were sent from those of another file; what is appended later changes nothing."""
        with self._records.open("rb") as file:
            return hashlib.sha256(file.read(min(offset, _HEAD))).hexdigest()
