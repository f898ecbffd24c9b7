"""A blob into a registry: in one request, or in pieces where that one is too large for whatever is on the way.

A registry opens an upload session, and its answers say at which address the session goes on: on its own host or, with
some, on that of a storage service, which must never see the registry's login.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from dxf import DXF
from dxf.exceptions import DXFError

from xkit_operator.image.blob import Blob
from xkit_operator.image.registry.failure import status_of
from xkit_operator.image.registry.request import to_address, to_repository

WHOLE = None
# The second is above the least part that object stores take (5 MiB), the third below the usual limit of nginx (1 MiB).
SIZES: tuple[int | None, ...] = (WHOLE, 8 << 20, 900_000)
_UNFIT = (400, 404, 405, 413, 501)
_READ = 1 << 16
_BINARY = {"Content-Type": "application/octet-stream"}
SLOWEST_LINE = 100_000  # bytes a second: what was sent may still wait in buffers on the way when its answer is due

Sent = Callable[[int], None]
"""Takes the position in a blob that is being sent; may raise to end that."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """An upload that the registry is ready for: where it goes on, and the least size of a piece but the last."""

    url: str
    least: int = 0

    @classmethod
    def of(cls, dxf: DXF, answer: requests.Response, *, least: int = 0) -> Self:
        """What an answer of 202 tells of a session. Raises KeyError without a Location."""
        url = urljoin(answer.url, answer.headers["Location"])
        if not dxf._insecure:  # behind a proxy that ends TLS, many registries believe to be on plain HTTP
            url = "https:" + url.partition(":")[2]
        told = answer.headers.get("OCI-Chunk-Min-Length", "")
        return cls(url=url, least=int(told) if told.isdecimal() else least)

    def closing(self, digest: str) -> str:
        """The address that ends the session. The rest of the query is the registry's own, and stays as it is."""
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}digest={digest}"


@dataclass(frozen=True)
class _Piece:
    """A body that can be sent any number of times, unlike a stream: after a 401, or to where a redirect points."""

    blob: Blob
    start: int
    size: int
    sent: Sent

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        left = self.size
        with self.blob.open() as stream:
            stream.seek(self.start)
            while left > 0 and (data := stream.read(min(left, _READ))):
                self.sent(self.start + self.size - left)
                left -= len(data)
                yield data


class Uploads:
    """Remembers the size that a registry was found to take, so that the next blob is not sent in vain first."""

    def __init__(self) -> None:
        self._sizes = SIZES

    def upload(self, dxf: DXF, blob: Blob, session: Session | None, sent: Sent) -> None:
        """Send `blob` into `session`, or into a new one when that is of no use."""
        _allow_for(dxf, blob.size)
        if session is not None and self._fits(dxf, session, blob, self._sizes[0], sent):
            return
        sizes = self._sizes
        for number, size in enumerate(sizes):
            session = Session.of(dxf, to_repository(dxf, "post", "blobs/uploads/"))
            if self._fits(dxf, session, blob, size, sent, last=size == sizes[-1]):
                self._sizes = sizes[number:]
                return

    def _fits(
        self, dxf: DXF, session: Session, blob: Blob, size: int | None, sent: Sent, *, last: bool = False
    ) -> bool:
        try:
            _send(dxf, session, blob, size, sent)
        except requests.HTTPError as error:
            cancel(dxf, session)
            if last or status_of(error) not in _UNFIT:
                raise
            return False
        return True


def _allow_for(dxf: DXF, size: int) -> None:
    """Wait longer for the answers after so many bytes."""
    seconds = dxf._timeout or 0.0
    wait = (seconds, seconds + size / SLOWEST_LINE)
    dxf._timeout = wait  # type: ignore[assignment] # it is handed to requests as it is


def cancel(dxf: DXF, session: Session) -> None:
    """Free what the registry holds for it. It does so by itself in time, hence a failure here is none."""
    with suppress(requests.RequestException, DXFError):
        to_address(dxf, "delete", session.url)


def _send(dxf: DXF, session: Session, blob: Blob, size: int | None, sent: Sent) -> None:
    if size is WHOLE:
        to_address(dxf, "put", session.closing(blob.digest), data=_Piece(blob, 0, blob.size, sent), headers=_BINARY)
        return
    size = max(size, session.least)
    for start in range(0, blob.size, size):
        piece = _Piece(blob, start, min(size, blob.size - start), sent)
        headers = {**_BINARY, "Content-Range": f"{start}-{start + piece.size - 1}"}
        answer = to_address(dxf, "patch", session.url, data=piece, headers=headers)
        session = Session.of(dxf, answer, least=session.least)
    to_address(dxf, "put", session.closing(blob.digest), headers=_BINARY)
