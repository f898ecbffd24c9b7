"""A part of a blob as the body of a request: sent piece by piece, any number of times.

aiohttp's own bodies are streams, good for one request: not again after a 401, nor where a redirect points.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aiohttp import Payload
from aiohttp.abc import AbstractStreamWriter

from xkit_operator.image.blob import Blob

_READ = 1 << 16

Sent = Callable[[int], None]
"""Takes the position in a blob that is being sent."""


@dataclass(frozen=True)
class Part:
    """`size` bytes of `blob`, from `start` on."""

    blob: Blob
    start: int
    size: int
    sent: Sent

    def __iter__(self) -> Iterator[bytes]:
        left = self.size
        with self.blob.open() as stream:
            stream.seek(self.start)
            while left > 0 and (data := stream.read(min(left, _READ))):
                self.sent(self.start + self.size - left)
                left -= len(data)
                yield data


class Body(Payload):
    """`part` for one request; `moving` is called before each piece of it, `moved` after the last."""

    def __init__(self, part: Part, moving: Callable[[], None], moved: Callable[[], None]) -> None:
        super().__init__(part, content_type="application/octet-stream")
        self._size = part.size
        self._part = part
        self._moving = moving
        self._moved = moved

    async def write(self, writer: AbstractStreamWriter) -> None:
        for data in self._part:
            self._moving()
            await writer.write(data)
        self._moved()

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a part of a blob is no text")
