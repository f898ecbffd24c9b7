"""A registry, as far as a push needs it: the one user of the registry client library.

The library is synchronous, so its calls run on a few threads with a connection each. What fails for want of a healthy
registry is tried again a few times; everything else is for the caller to know at once.
"""

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeAlias, TypeVar

import requests
from dxf import DXF, DXFBase
from dxf.exceptions import DXFError, DXFMountFailed

from xkit_operator.errors import RegistryUnreachable
from xkit_operator.image.blob import Blob
from xkit_operator.image.failure import explain, is_absent

Answer = TypeVar("Answer")
Operation: TypeAlias = Callable[[DXF], Answer]

TIMEOUT_SECONDS = 30.0
CONNECTIONS = 4
PAUSES = (0.2, 0.8)  # seconds between attempts, each shortened by chance: many pushes must not come back in step


class Registry:
    """The registry at `host` (host:port), over TLS unless `plain_http`. To be closed, or used in an `async with`."""

    def __init__(self, host: str, *, plain_http: bool = False) -> None:
        self.host = host
        self._plain_http = plain_http
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="registry")
        self._idle: list[DXFBase] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connections. A call that is under way ends by itself, at the latest at its timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            _disconnect(self._idle.pop())

    async def head_manifest(self, repository: str, reference: str) -> str | None:
        """The digest of the image that the tag or digest `reference` names, or None. One request."""

        def head(dxf: DXF) -> str | None:
            _, response = dxf.head_manifest_and_response(reference)
            return str(response.headers["Docker-Content-Digest"])

        return await self._call(repository, f"look for {reference}", _absent_means(None, head))

    async def has_blob(self, repository: str, digest: str) -> bool:
        def head(dxf: DXF) -> bool:
            dxf.blob_size(digest)
            return True

        return await self._call(repository, f"look for {digest}", _absent_means(False, head))

    async def mount_blob(self, repository: str, digest: str, *, source: str) -> bool:
        """Let `repository` share a blob of the repository `source`; False when the registry wants it uploaded."""

        def mount(dxf: DXF) -> bool:
            try:
                dxf.mount_blob(source, digest)
            except DXFMountFailed:
                return False
            return True

        return await self._call(repository, f"mount {digest} from {source}", _absent_means(False, mount))

    async def upload_blob(self, repository: str, blob: Blob) -> None:
        def upload(dxf: DXF) -> None:
            with blob.open() as stream:
                dxf.push_blob(data=stream, digest=blob.digest, check_exists=False)

        await self._call(repository, f"upload {blob.digest}", upload)

    async def put_manifest(self, repository: str, tag: str, manifest: Blob) -> None:
        text = manifest.read().decode()
        await self._call(repository, f"store {tag}", lambda dxf: dxf.set_manifest(tag, text))

    async def _call(self, repository: str, attempt: str, operation: Operation[Answer]) -> Answer:
        """Run `operation` on a thread, and again after each of the pauses while the registry is unreachable."""
        loop = asyncio.get_running_loop()
        for pause in PAUSES:
            try:
                return await loop.run_in_executor(self._threads, self._once, repository, attempt, operation)
            except RegistryUnreachable:
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing
        return await loop.run_in_executor(self._threads, self._once, repository, attempt, operation)

    def _once(self, repository: str, attempt: str, operation: Operation[Answer]) -> Answer:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = DXFBase(self.host, insecure=self._plain_http, timeout=TIMEOUT_SECONDS).__enter__()
        try:
            answer = operation(DXF.from_base(connection, repository))
        except (requests.RequestException, DXFError, KeyError) as error:
            _disconnect(connection)
            raise explain(error, host=self.host, repository=repository, attempt=attempt) from error
        self._idle.append(connection)
        return answer


def _disconnect(connection: DXFBase) -> None:
    connection.__exit__(None, None, None)  # type: ignore[no-untyped-call] # the library's own way to close a session


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
