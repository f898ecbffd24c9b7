"""A blob into a registry: in one request, or in pieces where that one is too large for whatever is on the way.

A registry opens an upload session, and its answers say at which address the session goes on: on its own host or, with
some, on that of a storage service, which must never see the registry's login.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from aiohttp import ClientError

from xkit_operator.image.blob import Blob
from xkit_operator.image.registry.answer import Answer, LoginRefused, Refusal
from xkit_operator.image.registry.body import Part, Sent
from xkit_operator.image.registry.repository import Repository

WHOLE = None
# The second is above the least part that object stores take (5 MiB), the third below the usual limit of nginx (1 MiB).
SIZES: tuple[int | None, ...] = (WHOLE, 8 << 20, 900_000)
_UNFIT = (400, 404, 405, 413, 501)
_BINARY = {"Content-Type": "application/octet-stream"}


@dataclass(frozen=True, kw_only=True)
class Session:
    """An upload that the registry is ready for: where it goes on, and the least size of a piece but the last."""

    url: str
    least: int = 0

    @classmethod
    def of(cls, repository: Repository, answer: Answer, *, least: int = 0) -> Self:
        """What an answer of 202 tells of a session. Raises KeyError without a Location."""
        told = answer.headers.get("OCI-Chunk-Min-Length", "")
        return cls(
            url=repository.resolve(answer, answer.headers["Location"]), least=int(told) if told.isdecimal() else least
        )

    def closing(self, digest: str) -> str:
        """The address that ends the session. The rest of the query is the registry's own, and stays as it is."""
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}digest={digest}"


class Uploads:
    """Remembers the size that a registry was found to take, so that the next blob is not sent in vain first."""

    def __init__(self) -> None:
        self._sizes = SIZES

    async def upload(self, repository: Repository, blob: Blob, session: Session | None, sent: Sent) -> None:
        """Send `blob` into `session`, or into a new one when that is of no use."""
        if session is not None and await self._fits(repository, session, blob, self._sizes[0], sent):
            return
        sizes = self._sizes
        for number, size in enumerate(sizes):
            session = Session.of(repository, await repository.ask("POST", "blobs/uploads/"))
            if await self._fits(repository, session, blob, size, sent, last=size == sizes[-1]):
                self._sizes = sizes[number:]
                return

    async def _fits(
        self, repository: Repository, session: Session, blob: Blob, size: int | None, sent: Sent, *, last: bool = False
    ) -> bool:
        try:
            await _send(repository, session, blob, size, sent)
        except Refusal as error:
            await cancel(repository, session)
            if last or error.answer.status not in _UNFIT:
                raise
            return False
        return True


async def cancel(repository: Repository, session: Session) -> None:
    """Free what the registry holds for it. It does so by itself in time, hence a failure here is none."""
    with suppress(ClientError, TimeoutError, Refusal, LoginRefused):
        await repository.follow("DELETE", session.url)


async def _send(repository: Repository, session: Session, blob: Blob, size: int | None, sent: Sent) -> None:
    if size is WHOLE:
        whole = Part(blob, 0, blob.size, sent)
        await repository.follow("PUT", session.closing(blob.digest), body=whole, headers=_BINARY)
        return
    size = max(size, session.least)
    for start in range(0, blob.size, size):
        part = Part(blob, start, min(size, blob.size - start), sent)
        headers = {**_BINARY, "Content-Range": f"{start}-{start + part.size - 1}"}
        answer = await repository.follow("PATCH", session.url, body=part, headers=headers)
        session = Session.of(repository, answer, least=session.least)
    await repository.follow("PUT", session.closing(blob.digest), headers=_BINARY)
