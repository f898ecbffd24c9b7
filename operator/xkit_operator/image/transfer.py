"""An image into a registry, with as few requests and bytes as its state allows.

The order keeps every moment consistent: layers and configuration, and at last the manifest that names them. A push that
was cut goes on where it ended.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from xkit_operator.errors import RegistryError
from xkit_operator.image.blob import Blob
from xkit_operator.image.manifest import Image
from xkit_operator.image.progress import Progress
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.mount import Mount

Report = Callable[[str], None]
Part = Callable[[], Awaitable[None]]
"""Has a part of an image in the registry."""

AT_ONCE = 6  # parts of an image: all, as a rule; each waits for the registry's disk more than for anything of ours
WORTH_A_QUESTION = 1 << 16  # bytes: what is smaller is as soon uploaded


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

    With `mounted`, they are known to be there already. A few parts go at once, but one after the other where somebody
    follows the `progress`.
    """

    def __init__(
        self,
        registry: Registry,
        repository: str,
        *,
        base: Base | None = None,
        mounted: bool = False,
        report: Report = _say_nothing,
        progress: Progress | None = None,
    ) -> None:
        self._registry = registry
        self._repository = repository
        self._base = [layer.blob for layer in base.image.layers] if base else []
        self._source = base.repository if base else ""
        self._is_mounted = mounted
        # by the digest of a layer
        self._mounts = {blob.digest: Mount(shared=True) for blob in self._base} if mounted else {}
        self._provided: set[str] = set()  # digests of what was found or uploaded
        self._uploaded_bytes = 0
        self._report = report
        self._progress = progress or Progress(repository, 0)
        self._places = asyncio.Semaphore(AT_ONCE if progress is None else 1)

    async def share(self, image: Image, *, lost: Collection[Blob] | None = None) -> bool:
        """Mount the layers of the base and store, at the same time, what `image` has beyond them.

        Whether the registry shares all layers. Raises RegistryError. With `lost`, the registry is known to have all the
        others of the image's parts.
        """
        mounts = [partial(self._mount, blob.digest) for blob in self._base if not self._is_shared(blob)]
        own = [provide for blob, provide in self._parts(image, lost) if blob not in self._base]
        await self._all([*own, *mounts])  # an upload is two requests, one after the other
        return all(map(self._is_shared, self._base))

    async def store(self, image: Image, *, tag: str, lost: Collection[Blob] | None = None) -> Pushed:
        """What is neither mounted nor stored yet of the layers and the configuration, then the manifest.

        `lost` is as above. Raises RegistryError.
        """
        await self._all([provide for _, provide in self._parts(image, lost)])
        await self._registry.put_manifest(self._repository, tag, image.manifest)
        self._report(f"{self._repository}:{tag} is {image.manifest.digest}")
        return Pushed(digest=image.manifest.digest, uploaded_bytes=self._uploaded_bytes)

    def forget_mounts(self) -> None:
        """The registry has lost a layer of the base, which was taken to be there."""
        self._is_mounted = False
        self._mounts.clear()

    def _parts(self, image: Image, lost: Collection[Blob] | None) -> list[tuple[Blob, Part]]:
        # A configuration names all layers, so that of an image which is not there is not there either. Nor are, in a
        # repository that has this runtime from an image before, functions that are small.
        missing = {image.config} if lost is None else set(lost)
        least = WORTH_A_QUESTION if self._is_mounted else 0
        blobs = [blob for blob in _blobs(image) if lost is None or blob in lost]
        return [
            (blob, partial(self._provide, blob, asking=blob not in missing and blob.size >= least)) for blob in blobs
        ]

    async def _all(self, parts: Iterable[Part]) -> None:
        """A few at once; when one fails, the others are cut and its error goes on."""

        async def one(part: Part) -> None:
            async with self._places:
                await part()

        try:
            async with asyncio.TaskGroup() as group:
                for part in parts:
                    group.create_task(one(part))
        except* RegistryError as errors:
            raise errors.exceptions[0] from None

    def _is_shared(self, blob: Blob) -> bool:
        return blob.digest in self._mounts and self._mounts[blob.digest].shared

    async def _mount(self, digest: str) -> None:
        """A mount also succeeds where the blob is there already, so nobody has to ask before."""
        before = self._mounts.get(digest)
        if before is not None and before.session is not None:
            await self._registry.cancel_upload(self._repository, before.session)
        self._mounts[digest] = await self._registry.mount_blob(self._repository, digest, source=self._source)

    async def _provide(self, blob: Blob, *, asking: bool) -> None:
        """Have `blob` in the repository. Without `asking`, it is known not to be there."""
        if self._is_shared(blob) or blob.digest in self._provided:
            return
        await self._upload(blob, asking=asking)
        self._provided.add(blob.digest)
        self._progress.complete(blob.size)

    async def _upload(self, blob: Blob, *, asking: bool) -> None:
        size = f"{blob.digest[:19]} {blob.size / 1e6:7.2f} MB"
        mount = await self._look_for(blob) if asking else self._mounts.get(blob.digest, _NO_MOUNT)
        if mount.shared:
            self._report(f"  {size} there")
            return
        await self._registry.upload_blob(self._repository, blob, into=mount.session, sent=self._progress.at)
        self._report(f"  {size} uploaded")
        self._uploaded_bytes += blob.size

    async def _look_for(self, blob: Blob) -> Mount:
        """Whether the repository has `blob`; if not, there may be an upload that is open for it."""
        mount = self._mounts.get(blob.digest, _NO_MOUNT)
        if blob.size < WORTH_A_QUESTION and mount.session is None:
            # Mounted from where it would be already: one request asks for it, and opens the upload of what is missing.
            return await self._registry.mount_blob(self._repository, blob.digest, source=self._repository)
        if not await self._registry.has_blob(self._repository, blob.digest):
            return mount
        if mount.session is not None:
            await self._registry.cancel_upload(self._repository, mount.session)
        return Mount(shared=True)


_NO_MOUNT = Mount(shared=False)


def _blobs(image: Image) -> Sequence[Blob]:
    return [*(layer.blob for layer in image.layers), image.config]
