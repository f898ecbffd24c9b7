"""A registry, as far as a push needs it, on connections that are kept for the next call.

What fails for want of a healthy registry is tried again a few times; everything else is for the caller to know at once.
What a registry accepted as proof of who we are is shown again for the same repository, until it is refused.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Self, TypeAlias, TypeVar

import aiohttp

from xkit_operator.errors import RegistryUnreachable
from xkit_operator.image.blob import Blob, digest_of
from xkit_operator.image.progress import watch_nothing
from xkit_operator.image.registry import hub
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.answer import NOT_FOUND, LoginRefused, Refusal
from xkit_operator.image.registry.body import Sent
from xkit_operator.image.registry.connections import Connections, Tell, tell_nobody
from xkit_operator.image.registry.failure import explain
from xkit_operator.image.registry.login import Logins
from xkit_operator.image.registry.mount import Mount, mount
from xkit_operator.image.registry.repository import Repository
from xkit_operator.image.registry.tags import list_tags
from xkit_operator.image.registry.upload import Session, Uploads, cancel

Result = TypeVar("Result")
Operation: TypeAlias = Callable[[Repository], Awaitable[Result]]

TIMEOUT_SECONDS = 30.0
AT_ONCE = 28  # operations, with a connection each
PAUSES = (0.2, 0.8)  # seconds between attempts, each shortened by chance: many pushes must not come back in step
LONGEST_PAUSE = 30.0  # seconds that a registry may ask for
# All kinds, also those that we never make: to a client that knows too few, some registries convert what they have.
_MANIFESTS = {
    "Accept": ", ".join(
        (
            "application/vnd.docker.distribution.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
        )
    )
}


class Registry:
    """The registry at `host` (host:port). To be closed, or used in an `async with`.

    `tell` hears of every request. `timeout` is in seconds: to send a part of a request, and for a whole answer; after
    an upload the answer has more time.
    """

    def __init__(
        self, host: str, access: Access, tell: Tell = tell_nobody, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self.host = host
        self._address = f"{'http' if access.plain_http else 'https'}://{hub.address_of(host)}"
        self._connections = Connections(access, tell, timeout=timeout)
        self._logins = Logins(host, access, self._connections)
        self._uploads = Uploads()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop the connections, and with them what is on its way."""
        await self._connections.close()

    async def head_manifest(self, repository: str, reference: str) -> str | None:
        """The digest of the image that the tag or digest `reference` names, or None. One request."""

        async def head(to: Repository) -> str | None:
            answer = await to.ask("HEAD", f"manifests/{reference}", headers=_MANIFESTS)
            return answer.headers["Docker-Content-Digest"]

        return await self._call(repository, f"look for {reference}", _absent_means(None, head))

    async def read_blob(self, repository: str, digest: str) -> bytes | None:
        """The content of a small blob, proven by its digest, or None."""

        async def read(to: Repository) -> bytes | None:
            content = (await to.ask("GET", f"blobs/{digest}")).body
            if digest_of(content) != digest:
                raise ValueError(f"{digest} has the content of another blob")
            return content

        return await self._call(repository, f"read {digest}", _absent_means(None, read))

    async def has_blob(self, repository: str, digest: str) -> bool:
        async def head(to: Repository) -> bool:
            await to.ask("HEAD", f"blobs/{digest}")
            return True

        return await self._call(repository, f"look for {digest}", _absent_means(False, head))

    async def mount_blob(self, repository: str, digest: str, *, source: str) -> Mount:
        """Let `repository` share a blob of the repository `source`, if the registry does such a thing."""
        return await self._call(
            repository, f"mount {digest} from {source}", lambda to: mount(to, digest, source=source)
        )

    async def upload_blob(
        self, repository: str, blob: Blob, *, into: Session | None = None, sent: Sent = watch_nothing
    ) -> None:
        """Send `blob`, at first into the session that a mount has left. `sent` is told how many bytes have left."""
        sessions = [into]  # good for one attempt

        async def upload(to: Repository) -> None:
            await self._uploads.upload(to, blob, sessions.pop() if sessions else None, sent)

        await self._call(repository, f"upload {blob.digest}", upload)

    async def cancel_upload(self, repository: str, session: Session) -> None:
        """Tell the registry that nothing will come of `session`."""
        await self._call(repository, "cancel an upload", lambda to: cancel(to, session))

    async def put_manifest(self, repository: str, tag: str, manifest: Blob) -> None:
        content = manifest.read()
        headers = {"Content-Type": str(json.loads(content)["mediaType"])}
        await self._call(
            repository, f"store {tag}", lambda to: to.ask("PUT", f"manifests/{tag}", headers=headers, body=content)
        )

    async def list_tags(self, repository: str) -> list[str]:
        """All tags of a repository; none when it is absent."""
        return await self._call(repository, "list the tags", _absent_means([], list_tags))

    async def read_manifest(self, repository: str, reference: str) -> bytes | None:
        """The manifest that the tag or digest `reference` names, as it is stored, or None."""

        async def read(to: Repository) -> bytes | None:
            return (await to.ask("GET", f"manifests/{reference}", headers=_MANIFESTS)).body

        return await self._call(repository, f"read {reference}", _absent_means(None, read))

    async def delete_manifest(self, repository: str, digest: str) -> None:
        """Delete an image, and with it every tag that names it; its layers stay. One that is absent already is fine."""

        async def delete(to: Repository) -> None:
            await to.ask("DELETE", f"manifests/{digest}")

        await self._call(repository, f"delete {digest}", _absent_means(None, delete))

    async def _call(self, repository: str, attempt: str, operation: Operation[Result]) -> Result:
        """Do `operation`, and again after each of the pauses while the registry is unreachable."""
        for pause in PAUSES:
            try:
                return await self._once(repository, attempt, operation)
            except RegistryUnreachable as error:
                asked = min(error.retry_after or 0, LONGEST_PAUSE)
                await asyncio.sleep(asked + pause * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing
        return await self._once(repository, attempt, operation)

    async def _once(self, repository: str, attempt: str, operation: Operation[Result]) -> Result:
        try:
            async with self._places:
                return await operation(Repository(self._address, repository, self._connections, self._logins))
        except (aiohttp.ClientError, TimeoutError, Refusal, LoginRefused, KeyError, ValueError) as error:
            raise explain(error, host=self.host, repository=repository, attempt=attempt) from error


def _absent_means(fallback: Result, operation: Operation[Result]) -> Operation[Result]:
    """`operation`, with `fallback` for its answer when the registry says that there is no such thing."""

    async def guarded(to: Repository) -> Result:
        try:
            return await operation(to)
        except Refusal as error:
            if error.answer.status == NOT_FOUND:
                return fallback
            raise

    return guarded
