"""Frames, the unit of the link to the function container: u32 length, u8 type, u32 id, JSON.

Pure bytes in, bytes out. The rules, and what each payload holds, are in runtimes/executor/PROTOCOL.md; both sides are
tested with tests/vectors/frames.json.
"""

import struct
from collections.abc import Sequence
from enum import IntEnum

from msgspec import Struct

from xkit_operator.errors import InvalidFrame

MAX_LENGTH = 32 * 2**20

_HEADER = struct.Struct("<IBI")
_LENGTH = struct.Struct("<I")
_FIXED = _HEADER.size - _LENGTH.size
MOST_PAYLOAD = MAX_LENGTH - _FIXED
MOST_ID = 2**32 - 1
_SHARED = 2**16  # bytes of calls in one frame: more would save nothing, and the first waits until the last is parsed


class FrameType(IntEnum):
    """What a frame says. Below 16: to the dispatcher; below 32: to an executor; above: to the host."""

    HELLO = 1
    READY = 2
    LOAD_FAILED = 3
    RESULT = 4
    PONG = 5
    FAULT = 6
    EXITED = 7
    MEMORY = 8
    CONFIGURE = 16
    INVOKE = 17
    ABORT = 18
    PING = 19
    DRAIN = 20
    KILL = 32


class Frame(Struct, frozen=True, gc=False):  # a named tuple costs three times as much
    """One frame as it arrived; the payload is still text."""

    type: int
    id: int
    payload: bytes


def encode(frame_type: int, request_id: int = 0, payload: bytes = b"") -> bytes:
    """The bytes of one frame."""
    return _HEADER.pack(_FIXED + len(payload), frame_type, request_id) + payload


def encode_calls(first_id: int, calls: Sequence[bytes]) -> list[bytes]:
    """The parts of the `invoke` frames of calls whose ids are in a row; each text is copied once."""
    parts: list[bytes] = []
    begin, size = 0, 0
    for index, call in enumerate(calls):
        size += len(call)
        if size > _SHARED and index > begin:
            parts += _invoke(first_id + begin, calls[begin:index])
            begin, size = index, len(call)
    return parts + _invoke(first_id + begin, calls[begin:])


def _invoke(first_id: int, calls: Sequence[bytes]) -> list[bytes]:
    payload = calls[0] if len(calls) == 1 else b"[%b]" % b",".join(calls)
    return [_HEADER.pack(_FIXED + len(payload), FrameType.INVOKE, first_id & MOST_ID), payload]


class FrameDecoder:
    """Cuts the bytes of one connection, in whatever pieces they arrive, into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now.

        Raises InvalidFrame when a length is out of bounds; the connection is of no use after that.
        """
        if self._rest:
            self._rest += data
            if len(self._rest) < _LENGTH.size + self._length(self._rest, 0):
                return []
            data = bytes(self._rest)
        frames = []
        start, end = 0, len(data)
        while end - start >= _HEADER.size:
            length, frame_type, request_id = _HEADER.unpack_from(data, start)
            if not _FIXED <= length <= MAX_LENGTH:
                break
            stop = start + _LENGTH.size + length
            if stop > end:
                break
            frames.append(Frame(frame_type, request_id, data[start + _HEADER.size : stop]))
            start = stop
        self._length(data, start)
        self._rest = bytearray(data[start:])
        return frames

    @staticmethod
    def _length(data: bytes | bytearray, start: int) -> int:
        if len(data) - start < _LENGTH.size:
            return 0
        length: int = _LENGTH.unpack_from(data, start)[0]
        if not _FIXED <= length <= MAX_LENGTH:
            raise InvalidFrame(f"a frame says that {length} bytes follow; allowed are {_FIXED} to {MAX_LENGTH}")
        return length
