"""Where records come from: a file, standard input or the command line, as one record, an array, or JSON Lines.

JSON Lines are read as they are sent, a piece at a time. The other two are one JSON text each, and read as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from xkit_operator.dispatcher import json_text
from xkit_operator.sending.lines import Line, LineCutter
from xkit_operator.sending.record import text_of

STDIN = "-"
_PIECE = 2**18
_LINES_SUFFIXES = (".jsonl", ".ndjson")


class UnreadableRecords(ValueError):
    """Neither JSON nor JSON Lines, or not there."""


@dataclass(frozen=True)
class Source:
    """Records in one place."""

    name: str
    """A path, `-`, or a JSON text."""

    @property
    def path(self) -> Path | None:
        """The file, if it is one."""
        return None if self.name == STDIN or self.is_inline else Path(self.name)

    @property
    def is_inline(self) -> bool:
        return self.name.lstrip().startswith(("{", "["))

    @property
    def size(self) -> int | None:
        """Bytes, where that is known beforehand."""
        return self.path.stat().st_size if self.path is not None and self.path.is_file() else None

    def pieces(self, *, line: int = 0, offset: int = 0) -> Iterator[list[Line]]:
        """The lines in order, as they become known; from `offset`, where `line` lines are over, if it is a file.

        Raises UnreadableRecords and LineTooLong.
        """
        if self.is_inline:
            yield _elements(self.name.encode(), self.name[:40])
            return
        try:
            with self._open() as file:
                yield from self._read(file, LineCutter(number=line, offset=offset), offset)
        except OSError as error:
            raise UnreadableRecords(f"{self.name} cannot be read: {error.strerror}") from error

    def _open(self) -> BufferedReader:
        # its own reader: closing it must not close the standard input of this process
        return open(0, "rb", closefd=False) if self.path is None else self.path.open("rb")

    def _read(self, file: BufferedReader, cutter: LineCutter, offset: int) -> Iterator[list[Line]]:
        if offset:
            file.seek(offset)
        elif not self.name.endswith(_LINES_SUFFIXES):
            head = file.readline().strip()
            while not head and file.peek(1):
                head = file.readline().strip()
            if not _is_object(head):
                yield _elements(head + b"\n" + file.read(), self.name)
                return
            if file.seekable():
                file.seek(0)
            else:
                yield cutter.feed(head + b"\n")
        while piece := file.read1(_PIECE):
            yield cutter.feed(piece)
        yield cutter.end()


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(json_text.parse(text), dict)
    except ValueError:
        return False


def _elements(text: bytes, name: str) -> list[Line]:
    """One text as the lines that it would be: a record, or each element of an array."""
    try:
        value: Any = json_text.parse(text)
    except ValueError as error:
        raise UnreadableRecords(f"{name} is neither JSON nor JSON Lines: {error}") from error
    if not isinstance(value, list):
        return [Line(1, len(text), b" ".join(text.split(b"\n")).strip())]
    return [Line(number, len(text), text_of(one)) for number, one in enumerate(value, 1)]
