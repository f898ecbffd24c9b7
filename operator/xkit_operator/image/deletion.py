"""Images of a Destination out of the registry: their manifests, by digest, and never a blob.

Layers are shared between images and repositories; the registry's own garbage collector alone knows which of them no
manifest names any more. `reconcile/` says which images may go; what turns out to be somebody else's is left.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass

from xkit_operator.errors import RegistryUnreachable
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.retention import is_our_tag, members, tag_for

_DEADLINE = 20.0  # seconds: a registry that hangs must not take a worker's time, and nothing here is urgent


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """What became of the images: `gone` are no longer in the registry, `foreign` are not ours to delete."""

    gone: Sequence[str]
    foreign: Sequence[str]


class ImageDeleter:
    """`locate` gives the repository of a Destination, by its namespace and name."""

    def __init__(self, registry: Registry, locate: Callable[..., str]) -> None:
        self._registry = registry
        self._locate = locate

    async def delete(self, digests: Iterable[str], *, namespace: str, name: str, in_use: Set[str]) -> Deletion:
        """Delete the images `digests` of a Destination, but for those that a tag of somebody else names.

        `in_use` are tags that must stay although their digest is not known. One request for the tags, one for each
        foreign tag, two for each image. Raises RegistryError; what was deleted until then is not found the next time.
        """
        repository = self._locate(namespace=namespace, name=name)
        async with _bounded():
            tags = await self._registry.list_tags(repository)
            return await self._delete(digests, tags, namespace=namespace, name=name, in_use=in_use)

    async def delete_all(self, digests: Iterable[str], *, namespace: str, name: str) -> Deletion:
        """Delete the images `digests` of a Destination that goes, and those under our tags that were built for it.

        The latter were pushed and never remembered: by a process that was killed, or for a spec that was edited or
        deleted in that moment. Costs one request more for each of our tags.
        """
        repository = self._locate(namespace=namespace, name=name)
        async with _bounded():
            tags = await self._registry.list_tags(repository)
            built = [await self._built(repository, tag, namespace=namespace, name=name) for tag in tags]
            wanted = dict.fromkeys([*digests, *(digest for digest in built if digest is not None)])
            return await self._delete(wanted, tags, namespace=namespace, name=name, in_use=frozenset())

    async def _delete(
        self, digests: Iterable[str], tags: Iterable[str], *, namespace: str, name: str, in_use: Set[str]
    ) -> Deletion:
        repository = self._locate(namespace=namespace, name=name)
        gone, foreign = [], []
        tagged = await self._tagged_by_others(repository, tags)
        for digest in digests:
            manifest = await self._registry.read_manifest(repository, digest)
            if manifest is None:
                gone.append(digest)
                continue
            tag = tag_for(manifest, namespace=namespace, name=name)
            if tag is None or digest in tagged:
                foreign.append(digest)
            elif tag not in in_use:
                await self._registry.delete_manifest(repository, digest)
                gone.append(digest)
        return Deletion(gone=gone, foreign=foreign)

    async def _built(self, repository: str, tag: str, *, namespace: str, name: str) -> str | None:
        """The digest of the image that we gave `tag` to for this Destination; None when it is not such a one."""
        if not is_our_tag(tag):
            return None
        manifest = await self._registry.read_manifest(repository, tag)
        if manifest is None or tag_for(manifest, namespace=namespace, name=name) != tag:
            return None
        return _digest(manifest)

    async def _tagged_by_others(self, repository: str, tags: Iterable[str]) -> set[str]:
        """The images that tags of others name, themselves or in an index: a deletion would take those tags along."""
        found: set[str] = set()
        for tag in tags:
            if not is_our_tag(tag):
                manifest = await self._registry.read_manifest(repository, tag) or b""
                found |= {_digest(manifest)} | members(manifest)
        return found


def _digest(manifest: bytes) -> str:
    return f"sha256:{hashlib.sha256(manifest).hexdigest()}"


@asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_DEADLINE):
            yield
    except TimeoutError as error:
        raise RegistryUnreachable(f"the registry deletes no image within {_DEADLINE:.0f} s") from error
