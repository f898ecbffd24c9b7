"""An image into a registry, with as few requests and bytes as its state allows.

The order keeps every moment consistent: layers, configuration, and at last the manifest that names them. A push that
was cut goes on where it ended. `Pusher` is for function images: their runtime is pushed once, and its layers are
mounted from there.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from xkit_operator.image.blob import Blob
from xkit_operator.image.manifest import Image
from xkit_operator.image.registry import Registry
from xkit_operator.image.runtime import Runtime

Report = Callable[[str], None]

Naming: TypeAlias = Literal["nested", "flat"]
"""How the repository of a Destination is called: namespace/name, or namespace.name where names have two levels only."""
_BETWEEN = {"nested": "/", "flat": "."}


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
) -> Pushed:
    """Make `repository:tag` name `image`. When it already does: one request, no byte. Raises RegistryError."""
    if await registry.head_manifest(repository, tag) == image.manifest.digest:
        report(f"{repository}:{tag} is there already")
        return Pushed(digest=image.manifest.digest, uploaded_bytes=0)
    return await _upload(registry, image, repository=repository, tag=tag, base=None, report=report)


async def _upload(
    registry: Registry, image: Image, *, repository: str, tag: str, base: Base | None, report: Report
) -> Pushed:
    """Layers, configuration, manifest; layers that `image` shares with its `base` are mounted from there."""
    uploaded = 0
    for layer in image.layers:
        source = base.repository if base is not None and layer in base.image.layers else None
        uploaded += await _provide(registry, repository, layer.blob, mount_from=source, report=report)
    uploaded += await _provide(registry, repository, image.config, mount_from=None, report=report)
    await registry.put_manifest(repository, tag, image.manifest)
    report(f"{repository}:{tag} is {image.manifest.digest}")
    return Pushed(digest=image.manifest.digest, uploaded_bytes=uploaded)


async def _provide(registry: Registry, repository: str, blob: Blob, *, mount_from: str | None, report: Report) -> int:
    """Have `blob` in `repository`; the bytes uploaded for it."""
    size = f"{blob.digest[:19]} {blob.size / 1e6:7.2f} MB"
    session = None
    if mount_from is not None:
        # A mount also succeeds where the blob is there already, so it makes the question superfluous.
        mount = await registry.mount_blob(repository, blob.digest, source=mount_from)
        if mount.shared:
            report(f"  {size} mounted from {mount_from}")
            return 0
        session = mount.session
    if await registry.has_blob(repository, blob.digest):
        if session is not None:
            await registry.cancel_upload(repository, session)
        report(f"  {size} there")
        return 0
    await registry.upload_blob(repository, blob, into=session)
    report(f"  {size} uploaded")
    return blob.size


class Pusher:
    """Function images to the repositories below `prefix`; any number at a time."""

    def __init__(self, registry: Registry, prefix: str, naming: Naming = "nested") -> None:
        self._registry = registry
        self._prefix = prefix
        self._between = _BETWEEN[naming]
        self._runtime_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def repository(self, *, namespace: str, name: str) -> str:
        """Where the images of a Destination are, below the registry's host.

        A namespace has no dot, so flat names collide neither with each other nor with `runtime-…`.
        """
        return f"{self._prefix}/{namespace}{self._between}{name}"

    async def find(self, repository: str, tag: str) -> str | None:
        """The digest of the image that is there already, or None. One request."""
        return await self._registry.head_manifest(repository, tag)

    async def push(self, runtime: Runtime, image: Image, *, repository: str, tag: str) -> Pushed:
        """Push `image`, and the `runtime` that it stands on where the registry lacks it. Raises RegistryError."""
        if await self.find(repository, tag) == image.manifest.digest:
            return Pushed(digest=image.manifest.digest, uploaded_bytes=0)
        base = Base(repository=f"{self._prefix}/runtime-{runtime.name}", image=runtime.image)
        # Builds that start together wait for one upload of the runtime instead of making one each. The registry is
        # asked every time, not our memory: it may have lost the runtime since.
        async with self._runtime_locks[runtime.digest]:
            below = await push(self._registry, runtime.image, repository=base.repository, tag=_tag(runtime))
        above = await _upload(self._registry, image, repository=repository, tag=tag, base=base, report=_say_nothing)
        return Pushed(digest=above.digest, uploaded_bytes=below.uploaded_bytes + above.uploaded_bytes)


def _tag(runtime: Runtime) -> str:
    return runtime.digest.removeprefix("sha256:")[:12]
