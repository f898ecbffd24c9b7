"""A registry, as far as a push needs it: the one user of the registry client library.

The library is synchronous, so its calls run on a few threads with a connection each. What fails for want of a healthy
registry is tried again a few times; everything else is for the caller to know at once. What a registry accepted as
proof of who we are is shown again for the same repository, until it is refused.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeAlias, TypeVar

import requests
from dxf import DXF, DXFBase
from dxf.exceptions import DXFError, DXFMountFailed

from xkit_operator.errors import InvalidCredentials, RegistryUnreachable
from xkit_operator.image.blob import Blob
from xkit_operator.image.credentials import Credentials
from xkit_operator.image.failure import explain, is_absent

Answer = TypeVar("Answer")
Operation: TypeAlias = Callable[[DXF], Answer]

TIMEOUT_SECONDS = 30.0
CONNECTIONS = 4
TAGS_PAGE = 1000
PAUSES = (0.2, 0.8)  # seconds between attempts, each shortened by chance: many pushes must not come back in step
LONGEST_PAUSE = 30.0  # seconds that a registry may ask for


@dataclass(frozen=True, kw_only=True)
class Access:
    """How a registry is reached: over TLS, trusting the system's authorities, unless something else is said."""

    plain_http: bool = False
    plain_http_login: bool = False
    """Whether a password may cross the network in the clear."""
    authorities: Path | None = None
    """The certificates to trust instead of the system's, as a PEM file."""
    credentials: Credentials = field(default_factory=lambda: Credentials(None))


class Registry:
    """The registry at `host` (host:port). To be closed, or used in an `async with`."""

    def __init__(self, host: str, access: Access) -> None:
        self.host = host
        self._access = access
        self._proofs: dict[str, dict[str, str]] = {}  # headers that were accepted, by repository
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
            dxf._request("delete", f"manifests/{digest}")  # type: ignore[no-untyped-call]

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
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        dxf = DXF.from_base(connection, repository)
        dxf._headers = self._proofs.get(repository, {})
        try:
            answer = operation(dxf)
        except (requests.RequestException, DXFError, KeyError) as error:
            _disconnect(connection)
            raise explain(error, host=self.host, repository=repository, attempt=attempt) from error
        except InvalidCredentials:
            _disconnect(connection)
            raise
        self._idle.append(connection)
        return answer

    def _connect(self) -> DXFBase:
        access = self._access
        return DXFBase(
            self.host,
            auth=self._log_in,
            insecure=access.plain_http,
            tlsverify=str(access.authorities) if access.authorities else True,
            timeout=TIMEOUT_SECONDS,
        ).__enter__()

    def _log_in(self, dxf: DXFBase, refusal: requests.Response) -> None:
        """Show who we are, in the way that the registry's `refusal` (401) asks for."""
        repository = str(dxf._repo)
        login = self._access.credentials.find(self.host, repository)
        username, password = (login.username, login.password) if login else (None, None)
        with _cleartext_allowed(dxf) if self._access.plain_http_login else nullcontext():
            dxf.authenticate(username, password, response=refusal)
        self._proofs[repository] = dxf._headers


@contextmanager
def _cleartext_allowed(dxf: DXFBase) -> Iterator[None]:
    """The library never sends a password in the clear; whoever asks for it must be meant."""
    dxf._insecure = False
    try:
        yield
    finally:
        dxf._insecure = True


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
