"""Content that a registry keeps under its digest: a layer, a configuration, a manifest.

Small blobs live in memory, layers of a runtime stay in their files: the operator must not hold 30 MB for every push.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


def digest_of(data: bytes) -> str:
    """The registry's name of `data`: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Blob:
    """Bytes, or the file that holds them, with their digest and their size in bytes."""

    digest: str
    size: int
    content: bytes | Path

    @classmethod
    def of(cls, data: bytes) -> "Blob":
        return cls(digest=digest_of(data), size=len(data), content=data)

    def open(self) -> BinaryIO:
        """A new stream from the first byte on: an upload that is tried again starts over."""
        return self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)

    def read(self) -> bytes:
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content
