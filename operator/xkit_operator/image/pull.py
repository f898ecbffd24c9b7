"""What the operator reads back from a registry: the runtime below a function image, and the image put on another one.

For the reconcile of Destinations whose runtime has changed; only the small parts are read, never a layer of a runtime.
"""

from xkit_operator.image.manifest import Image
from xkit_operator.image.rebase import Stored, rebased
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime


class Puller:
    """Function images of one registry, named by repository and digest. Its methods raise RegistryError."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def base(self, repository: str, digest: str) -> str | None:
        """The digest of the runtime that the image stands on; None when the image is gone or does not say."""
        found = await self._stored(repository, digest)
        return found.base if found else None

    async def rebased(self, runtime: Runtime, *, repository: str, digest: str, source: str) -> Image | None:
        """The image on `runtime`, its functions layer as it is; None when a part of it is gone. Three requests."""
        found = await self._stored(repository, digest)
        if found is None:
            return None
        config = await self._registry.read_blob(repository, found.config)
        functions = await self._registry.read_blob(repository, found.functions)
        if config is None or functions is None:
            return None
        return rebased(config, functions, runtime, source=source)

    async def _stored(self, repository: str, digest: str) -> Stored | None:
        manifest = await self._registry.read_manifest(repository, digest)
        return Stored.read(manifest) if manifest is not None else None
