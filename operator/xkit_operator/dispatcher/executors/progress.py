"""The progress file: which call an executor started last, and how many it started.

The executor writes it before each call, so it can be read when the executor is stuck or dead. A file that cannot be
read means that nothing is known; then every call counts as started, since none may run twice.
"""

import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

_WORDS = struct.Struct("<II")
_HALF = 2**31
_MASK = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Progress:
    """The two words of the file."""

    last: int
    """Request id of the call started last; no meaning while `count` is 0."""
    count: int
    """Calls started, modulo 2^32."""

    def has_started(self, request_id: int) -> bool:
        """Whether the call was started: ids count up from 1 and calls start in the order of their ids."""
        return (self.count - request_id) & _MASK < _HALF


def read_progress(path: Path) -> Progress | None:
    """Read the file; None when it is absent or not what it should be.

    User code can write where it lies: neither a link nor a pipe put in its place may hold the dispatcher up.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        content = os.read(file, _WORDS.size) if stat.S_ISREG(os.fstat(file).st_mode) else b""
    finally:
        os.close(file)
    return Progress(*_WORDS.unpack(content)) if len(content) == _WORDS.size else None
