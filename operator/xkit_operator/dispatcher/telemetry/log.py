"""Log lines, one JSON object each. They hold names, codes and counts: never the value of a record or a variable."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum

from xkit_operator.dispatcher import json_text

_MOST_TEXT = 4096  # characters of a member: an identifier may be as long as its sender likes
Field = str | int | float | bool | None | list[dict[str, str]]


class Level(IntEnum):
    """How grave a line is."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40


def to_stdout(line: bytes) -> None:
    """Write a line where kubectl logs reads it."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


class Log:
    """Where lines from `level` on are written."""

    def __init__(self, level: Level = Level.INFO, write: Callable[[bytes], None] = to_stdout) -> None:
        self._level = level
        self._write = write

    def info(self, message: str, **fields: Field) -> None:
        """Say what the runner is doing."""
        self._line(Level.INFO, message, fields)

    def warning(self, message: str, **fields: Field) -> None:
        """Tell of something that somebody should know and that mends itself."""
        self._line(Level.WARNING, message, fields)

    def error(self, message: str, **fields: Field) -> None:
        """Tell of something that somebody must act on, or of a record that failed."""
        self._line(Level.ERROR, message, fields)

    def _line(self, level: Level, message: str, fields: dict[str, Field]) -> None:
        if level < self._level:
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        given = {name: _cut(value) for name, value in fields.items() if value is not None}
        self._write(json_text.dump({"time": time, "level": level.name.lower(), "message": message, **given}) + b"\n")


def _cut(value: Field) -> Field:
    return value[:_MOST_TEXT] if isinstance(value, str) else value
