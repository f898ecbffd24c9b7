"""A registry, as far as a push needs it: the one user of the registry client library.

The library is synchronous, so its calls run on a few threads with a connection each. What fails for want of a healthy
registry is tried again a few times; everything else is for the caller to know at once. What a registry accepted as
proof of who we are is shown again for the same repository, until it is refused.
"""

import asyncio
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeAlias, TypeVar, cast

import requests
from dxf import DXF
from dxf.exceptions import DXFError

from xkit_operator.errors import RegistryUnreachable
from xkit_operator.image.blob import Blob
from xkit_operator.image.progress import watch_nothing
from xkit_operator.image.registry import hub
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.connections import Connections
from xkit_operator.image.registry.counting import Tell, tell_nobody
from xkit_operator.image.registry.failure import explain, is_absent
from xkit_operator.image.registry.login import Logins
from xkit_operator.image.registry.mount import Mount, mount
from xkit_operator.image.registry.request import to_repository
from xkit_operator.image.registry.upload import Session, Uploads, cancel

Answer = TypeVar("Answer")
Operation: TypeAlias = Callable[[DXF], Answer]

TIMEOUT_SECONDS = 30.0
THREADS = 28
TAGS_PAGE = 1000
PAUSES = (0.2, 0.8)  # seconds between attempts, each shortened by chance: many pushes must not come back in step
LONGEST_PAUSE = 30.0  # seconds that a registry may ask for


class Registry:
    """The registry at `host` (host:port). To be closed, or used in an `async with`.

    `tell` hears of every request. `timeout` is in seconds: to connect, to send a part of a request, and for a whole
    answer; after an upload the answer has more time.
    """

    def __init__(
        self, host: str, access: Access, tell: Tell = tell_nobody, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self.host = host
        self._logins = Logins(host, access)
        self._uploads = Uploads()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="registry")
        self._connections = Connections(hub.address_of(host), access, self._logins.show, tell, timeout=timeout)
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connections. An upload ends with its next bytes, any other call at its timeout."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._connections.close()

    async def head_manifest(self, repository: str, reference: str) -> str | None:
        """The digest of the image that the tag or digest `reference` names, or None. One request."""

        def head(dxf: DXF) -> str | None:
            _, response = dxf.head_manifest_and_response(reference)
            return str(response.headers["Docker-Content-Digest"])

        return await self._call(repository, f"look for {reference}", _absent_means(None, head))

    async def read_blob(self, repository: str, digest: str) -> bytes | None:
        """The content of a small blob, proven by its digest, or None."""

        def read(dxf: DXF) -> bytes | None:
            return b"".join(cast("Iterable[bytes]", dxf.pull_blob(digest)))

        return await self._call(repository, f"read {digest}", _absent_means(None, read))

    async def has_blob(self, repository: str, digest: str) -> bool:
        def head(dxf: DXF) -> bool:
            to_repository(dxf, "head", f"blobs/{digest}")
            return True

        return await self._call(repository, f"look for {digest}", _absent_means(False, head))

    async def mount_blob(self, repository: str, digest: str, *, source: str) -> Mount:
        """Let `repository` share a blob of the repository `source`, if the registry does such a thing."""
        return await self._call(
            repository, f"mount {digest} from {source}", lambda dxf: mount(dxf, digest, source=source)
        )

    async def upload_blob(
        self,
        repository: str,
        blob: Blob,
        *,
        into: Session | None = None,
        sent: Callable[[int], None] = watch_nothing,
    ) -> None:
        """Send `blob`, at first into the session that a mount has left.

        `sent` is told, on another thread, how many bytes have left.
        """
        sessions = [into]  # good for one attempt

        def watch(position: int) -> None:
            if self._closed:
                raise requests.ConnectionError("this client is closed")
            sent(position)

        def upload(dxf: DXF) -> None:
            self._uploads.upload(dxf, blob, sessions.pop() if sessions else None, watch)

        await self._call(repository, f"upload {blob.digest}", upload)

    async def cancel_upload(self, repository: str, session: Session) -> None:
        """Tell the registry that nothing will come of `session`."""
        await self._call(repository, "cancel an upload", lambda dxf: cancel(dxf, session))

    async def put_manifest(self, repository: str, tag: str, manifest: Blob) -> None:
        text = manifest.read().decode()
        await self._call(repository, f"store {tag}", lambda dxf: dxf.set_manifest(tag, text))

    async def list_tags(self, repository: str) -> list[str]:
        """All tags of a repository, in as many pages as the registry makes of them; none when it is absent."""
        return await self._call(
            repository, "list the tags", _absent_means([], lambda dxf: list(dxf.list_aliases(batch_size=TAGS_PAGE)))
        )

    async def read_manifest(self, repository: str, reference: str) -> bytes | None:
        """The manifest that the tag or digest `reference` names, as it is stored, or None."""

        def read(dxf: DXF) -> bytes | None:
            _, response = dxf.get_manifest_and_response(reference)
            return bytes(response.content)

        return await self._call(repository, f"read {reference}", _absent_means(None, read))

    async def delete_manifest(self, repository: str, digest: str) -> None:
        """Delete an image, and with it every tag that names it; its layers stay. One that is absent already is fine."""

        def delete(dxf: DXF) -> None:
            # The library's own way reads the manifest first, to return what it names.
            to_repository(dxf, "delete", f"manifests/{digest}")

        await self._call(repository, f"delete {digest}", _absent_means(None, delete))

    async def _call(self, repository: str, attempt: str, operation: Operation[Answer]) -> Answer:
        """Run `operation` on a thread, and again after each of the pauses while the registry is unreachable."""
        loop = asyncio.get_running_loop()
        for pause in PAUSES:
            try:
                return await loop.run_in_executor(self._threads, self._once, repository, attempt, operation)
            except RegistryUnreachable as error:
                asked = min(error.retry_after or 0, LONGEST_PAUSE)
                await asyncio.sleep(asked + pause * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing
        return await loop.run_in_executor(self._threads, self._once, repository, attempt, operation)

    def _once(self, repository: str, attempt: str, operation: Operation[Answer]) -> Answer:
        headers = self._logins.headers(repository)
        try:
            with self._connections.to(repository) as dxf:
                dxf._headers = headers
                return operation(dxf)
        except (requests.RequestException, DXFError, KeyError, ValueError) as error:
            raise explain(error, host=self.host, repository=repository, attempt=attempt) from error


def _absent_means(fallback: Answer, operation: Operation[Answer]) -> Operation[Answer]:
    """`operation`, with `fallback` for its answer when the registry says that there is no such thing."""

    def guarded(dxf: DXF) -> Answer:
        try:
            return operation(dxf)
        except requests.HTTPError as error:
            if is_absent(error):
                return fallback
            raise

    return guarded
