"""Cuts bytes, in whatever pieces they come, into the lines of a JSON Lines file. Pure.

Holds one unfinished line, so a file of any size needs the memory of its longest line.
"""

from typing import NamedTuple

MOST_BYTES = 8 * 2**20
"""Of one line: no runner takes a longer body."""


class LineTooLong(ValueError):
    """A line that no runner would take."""


class Line(NamedTuple):
    """A line that is not blank."""

    number: int
    end: int
    """Bytes of the file up to and including it."""
    text: bytes


class LineCutter:
    """The lines of one file from a place on."""

    def __init__(self, *, number: int = 0, offset: int = 0) -> None:
        self._number = number
        self._offset = offset
        self._rest = b""

    def feed(self, data: bytes) -> list[Line]:
        """The lines that are complete now. Raises LineTooLong."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        lines = [line for text in whole if (line := self._cut(text, ended=1)).text]
        if len(self._rest) > MOST_BYTES:
            raise LineTooLong(f"line {self._number + 1} has more than {MOST_BYTES} bytes")
        return lines

    def end(self) -> list[Line]:
        """What is left when the file is over: its last line may have no end."""
        rest, self._rest = self._rest, b""
        line = self._cut(rest, ended=0)
        return [line] if line.text else []

    def _cut(self, text: bytes, *, ended: int) -> Line:
        self._number += 1
        self._offset += len(text) + ended
        return Line(self._number, self._offset, text.strip())
