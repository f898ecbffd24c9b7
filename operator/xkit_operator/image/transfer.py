"""An image into a registry, with as few requests and bytes as its state allows.

The order keeps every moment consistent: layers, configuration, and at last the manifest that names them. A push that
was cut goes on where it ended.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from xkit_operator.image.blob import Blob
from xkit_operator.image.manifest import Image
from xkit_operator.image.progress import Progress
from xkit_operator.image.registry import Registry

Report = Callable[[str], None]


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
    """Blobs and manifests to one repository; layers that it shares with the `base` are mounted from there."""

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
        self._shared = {layer.blob.digest for layer in base.image.layers} if base else frozenset()
        self._report = report
        self._progress = progress or Progress(repository, 0)

    async def store(self, image: Image, *, tag: str) -> Pushed:
        """Layers, configuration, manifest. Raises RegistryError."""
        uploaded = 0
        for blob in _blobs(image):
            uploaded += await self._provide(blob)
            self._progress.complete(blob.size)
        await self._registry.put_manifest(self._repository, tag, image.manifest)
        self._report(f"{self._repository}:{tag} is {image.manifest.digest}")
        return Pushed(digest=image.manifest.digest, uploaded_bytes=uploaded)

    async def _provide(self, blob: Blob) -> int:
        """Have `blob` in the repository; the bytes uploaded for it."""
        size = f"{blob.digest[:19]} {blob.size / 1e6:7.2f} MB"
        session = None
        if self._base is not None and blob.digest in self._shared:
            # A mount also succeeds where the blob is there already, so it makes the question superfluous.
            mount = await self._registry.mount_blob(self._repository, blob.digest, source=self._base.repository)
            if mount.shared:
                self._report(f"  {size} mounted from {self._base.repository}")
                return 0
            session = mount.session
        if await self._registry.has_blob(self._repository, blob.digest):
            if session is not None:
                await self._registry.cancel_upload(self._repository, session)
            self._report(f"  {size} there")
            return 0
        await self._registry.upload_blob(self._repository, blob, into=session, sent=self._progress.at)
        self._report(f"  {size} uploaded")
        return blob.size


def _blobs(image: Image) -> Iterable[Blob]:
    return [*(layer.blob for layer in image.layers), image.config]
