"""An image into a registry, with as few requests and bytes as its state allows.

The order keeps every moment consistent: layers and configuration, and at last the manifest that names them. A push that
was cut goes on where it ended.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from xkit_operator.errors import RegistryError
from xkit_operator.image.blob import Blob
from xkit_operator.image.manifest import Image
from xkit_operator.image.progress import Progress
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.mount import Mount

Item = TypeVar("Item")
Done = TypeVar("Done")
Report = Callable[[str], None]

AT_ONCE = 3  # parts of an image; each waits for the registry's disk more than for anything of ours


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What a push came to: the digest that the tag names now, and the bytes of blobs that had to be uploaded."""

    digest: str
    uploaded_bytes: int


@dataclass(frozen=True, kw_only=True)
class Base:
    """An image that another one stands on, and the repository that has it in the same registry."""

    repository: str
    image: Image


def _say_nothing(_: str) -> None:
    """The report of a push that nobody watches."""


async def push(
    registry: Registry,
    image: Image,
    *,
    repository: str,
    tag: str,
    report: Report = _say_nothing,
    progress: Progress | None = None,
) -> Pushed:
    """Make `repository:tag` name `image`. When it already does: one request, no byte. Raises RegistryError."""
    if await registry.head_manifest(repository, tag) == image.manifest.digest:
        report(f"{repository}:{tag} is there already")
        return Pushed(digest=image.manifest.digest, uploaded_bytes=0)
    return await Transfer(registry, repository, report=report, progress=progress).store(image, tag=tag)


async def find_lost(registry: Registry, image: Image, *, repository: str) -> list[Blob]:
    """Which parts of `image` the registry lacks, its manifest included: a request for each. Raises RegistryError."""
    lost = [blob for blob in _blobs(image) if not await registry.has_blob(repository, blob.digest)]
    if await registry.head_manifest(repository, image.manifest.digest) is None:
        lost.append(image.manifest)
    return lost


class Transfer:
    """Blobs and manifests to one repository; layers that it shares with the `base` are mounted from there.

    A few parts go at once, but one after the other where somebody follows the `progress`.
    """

    def __init__(
        self,
        registry: Registry,
        repository: str,
        *,
        base: Base | None = None,
        report: Report = _say_nothing,
        progress: Progress | None = None,
    ) -> None:
        self._registry = registry
        self._repository = repository
        self._base = base
        self._mounts: dict[str, Mount] = {}  # by the digest of a layer
        self._report = report
        self._progress = progress or Progress(repository, 0)
        self._places = asyncio.Semaphore(AT_ONCE if progress is None else 1)

    async def mount(self) -> bool:
        """Share the layers of the base; whether the registry does, for all of them. Raises RegistryError."""
        layers = self._base.image.layers if self._base else ()
        digests = [layer.blob.digest for layer in layers]
        missing = [digest for digest in digests if digest not in self._mounts or not self._mounts[digest].shared]
        await self._all(self._mount, missing)
        return all(self._mounts[digest].shared for digest in digests)

    async def store(self, image: Image, *, tag: str, lost: Collection[Blob] | None = None) -> Pushed:
        """What is not mounted of the layers, the configuration, the manifest. Raises RegistryError.

        With `lost`, the registry is known to have all the others of these parts.
        """
        blobs = [blob for blob in _blobs(image) if lost is None or blob in lost]
        # A configuration names all layers, so that of an image which is not there is not there either.
        missing = {image.config} if lost is None else set(lost)
        uploaded = sum(await self._all(lambda blob: self._provide(blob, asking=blob not in missing), blobs))
        await self._registry.put_manifest(self._repository, tag, image.manifest)
        self._report(f"{self._repository}:{tag} is {image.manifest.digest}")
        return Pushed(digest=image.manifest.digest, uploaded_bytes=uploaded)

    async def _all(self, do: Callable[[Item], Awaitable[Done]], items: Iterable[Item]) -> list[Done]:
        """What `do` gives for each, a few at once; when one fails, the others are cut and its error goes on."""

        async def one(item: Item) -> Done:
            async with self._places:
                return await do(item)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(item)) for item in items]
        except* RegistryError as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _mount(self, digest: str) -> None:
        """A mount also succeeds where the blob is there already, so nobody has to ask before."""
        if self._base is None:
            return
        source, before = self._base.repository, self._mounts.get(digest)
        if before is not None and before.session is not None:
            await self._registry.cancel_upload(self._repository, before.session)
        self._mounts[digest] = await self._registry.mount_blob(self._repository, digest, source=source)

    async def _provide(self, blob: Blob, *, asking: bool) -> int:
        """Have `blob` in the repository; the bytes uploaded for it. Without `asking`, it is known not to be there."""
        uploaded = await self._upload(blob, asking=asking)
        self._progress.complete(blob.size)
        return uploaded

    async def _upload(self, blob: Blob, *, asking: bool) -> int:
        size = f"{blob.digest[:19]} {blob.size / 1e6:7.2f} MB"
        mount = self._mounts.get(blob.digest, _NO_MOUNT)
        if mount.shared:
            return 0
        if asking and await self._registry.has_blob(self._repository, blob.digest):
            if mount.session is not None:
                await self._registry.cancel_upload(self._repository, mount.session)
            self._report(f"  {size} there")
            return 0
        await self._registry.upload_blob(self._repository, blob, into=mount.session, sent=self._progress.at)
        self._report(f"  {size} uploaded")
        return blob.size


_NO_MOUNT = Mount(shared=False)


def _blobs(image: Image) -> Sequence[Blob]:
    return [*(layer.blob for layer in image.layers), image.config]
