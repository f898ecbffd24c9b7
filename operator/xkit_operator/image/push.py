"""Function images into the registry: on a runtime that is pushed once, with its layers mounted from there.

Any number of pushes may be started; a few at a time upload, in the order in which they asked. One that waits for its
runtime takes none of their places, and a look at what is there none either.
"""

import asyncio
from collections.abc import Collection
from typing import Literal, TypeAlias

from xkit_operator.errors import RegistryRefused
from xkit_operator.image.blob import Blob
from xkit_operator.image.grounds import Grounds
from xkit_operator.image.manifest import Image
from xkit_operator.image.progress import Progress
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.runtime_push import Ensured, RuntimePush
from xkit_operator.image.transfer import Pushed, Transfer, find_lost

AT_A_TIME = 4  # images; all their parts leave some of the registry's connections for questions

Naming: TypeAlias = Literal["nested", "flat"]
"""How the repository of a Destination is called: namespace/name, or namespace.name where names have two levels only."""
_BETWEEN = {"nested": "/", "flat": "."}


class Pusher:
    """Function images to the repositories below `prefix`; any number at a time."""

    def __init__(self, registry: Registry, prefix: str, naming: Naming = "nested") -> None:
        self._registry = registry
        self._prefix = prefix
        self._between = _BETWEEN[naming]
        self._runtimes = RuntimePush(registry, prefix)
        self._grounds = Grounds()
        self._places = asyncio.Semaphore(AT_A_TIME)

    def repository(self, *, namespace: str, name: str) -> str:
        """Where the images of a Destination are, below the registry's host.

        A namespace has no dot, so flat names collide neither with each other nor with `runtime-…`.
        """
        return f"{self._prefix}/{namespace}{self._between}{name}"

    async def find(self, repository: str, reference: str) -> str | None:
        """The digest of the image that a tag or a digest names there, or None. One request."""
        return await self._registry.head_manifest(repository, reference)

    async def push(self, runtime: Runtime, image: Image, *, repository: str, tag: str) -> Pushed:
        """Push `image`, and the `runtime` that it stands on where the registry lacks it. Raises RegistryError."""
        if await self.find(repository, tag) == image.manifest.digest:
            return Pushed(digest=image.manifest.digest, uploaded_bytes=0)
        below = 0 if self._runtimes.was_seen(runtime) else (await self._runtimes.ensure(runtime)).uploaded_bytes
        above = await self._store(runtime, image, repository=repository, tag=tag)
        return Pushed(digest=above.digest, uploaded_bytes=below + above.uploaded_bytes)

    async def restore(self, runtime: Runtime, image: Image, *, repository: str, tag: str) -> Pushed | None:
        """Bring back what the registry has lost of an image that it had; None when it has lost nothing.

        Asks for the manifest and for each blob, which a push does not: that trusts a manifest to have its blobs.
        Raises RegistryError.
        """
        lost = await find_lost(self._registry, image, repository=repository)
        if not lost:
            return None
        shared = any(layer.blob in lost for layer in runtime.image.layers)
        below = await self._runtimes.restore(runtime) if shared else 0
        above = await self._store(runtime, image, repository=repository, tag=tag, lost=lost)
        return Pushed(digest=above.digest, uploaded_bytes=below + above.uploaded_bytes)

    def uploading(self, runtime: Runtime) -> Progress | None:
        """How far the upload of `runtime` has come; None when there is none."""
        return self._runtimes.progress(runtime)

    async def _store(
        self, runtime: Runtime, image: Image, *, repository: str, tag: str, lost: Collection[Blob] | None = None
    ) -> Pushed:
        mounted = lost is None and self._grounds.has(repository, runtime.digest)
        transfer = Transfer(self._registry, repository, base=self._runtimes.base(runtime), mounted=mounted)
        if mounted:
            try:
                async with self._places:
                    return await transfer.store(image, tag=tag)
            except RegistryRefused:  # a layer is lost, or there is a reason that the long way meets, too
                self._grounds.forget(repository)
                transfer.forget_mounts()
        async with self._places:
            shared = await transfer.share(image, lost=lost)
        ensured = _NOTHING_DONE if shared else await self._runtimes.ensure(runtime)
        async with self._places:
            if ensured.was_missing:
                await transfer.share(image, lost=lost)
            above = await transfer.store(image, tag=tag, lost=lost)
        self._grounds.remember(repository, runtime.digest)
        return Pushed(digest=above.digest, uploaded_bytes=ensured.uploaded_bytes + above.uploaded_bytes)


_NOTHING_DONE = Ensured(was_missing=False, uploaded_bytes=0)
