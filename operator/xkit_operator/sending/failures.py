"""What did not succeed, as JSON Lines: where it stood, the last answer, and the record: it can be sent again as it is.

Each line is handed to the system before its record counts as settled, so a process that is killed loses none.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from xkit_operator.dispatcher import json_text
from xkit_operator.sending.answer import Answer


class Failures:
    """A file that is appended to; without a path, nothing is kept."""

    def __init__(self, path: Path | None, *, anew: bool) -> None:
        """`anew`: what an earlier run has left is dropped. Raises OSError."""
        self._file = None if path is None else path.open("wb" if anew else "ab", buffering=0)

    def add(self, *, line: int, answer: Answer, text: bytes) -> None:
        """Keep a record with its last answer. Raises OSError."""
        if self._file is not None:
            self._file.write(
                b'{"line":%d,"answer":%b,"record":%b}\n' % (line, json_text.dump(answer.body), _json(text))
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def _json(text: bytes) -> bytes:
    """A text that is no JSON, as JSON."""
    try:
        json_text.parse(text)
    except ValueError:
        return json_text.dump(text.decode(errors="backslashreplace"))
    return text
