"""What the registry says of the image that a Destination has: whether it is there, and what it stands on.

Asked while only the runtime has changed; an unchanged world never comes here.
"""

from xkit_operator.api.destination import Destination
from xkit_operator.errors import RegistryError
from xkit_operator.image.manifest import Image
from xkit_operator.image.pull import Puller
from xkit_operator.image.push import Pusher
from xkit_operator.image.runtime import Runtime


class DeployedImages:
    """The images that statuses name."""

    def __init__(self, pusher: Pusher, puller: Puller) -> None:
        self._pusher = pusher
        self._puller = puller

    async def has(self, destination: Destination) -> bool:
        """Whether a Pod that starts now could pull it; as long as the registry is silent: yes."""
        try:
            return await self._pusher.find(*self._place(destination)) is not None
        except RegistryError:
            return True

    async def base(self, destination: Destination) -> str | None:
        """The digest of the runtime below it; None when it is gone or does not say. Raises RegistryError."""
        return await self._puller.base(*self._place(destination))

    async def rebased(self, destination: Destination, runtime: Runtime, *, source: str) -> Image | None:
        """It, put on `runtime`; None when it is gone. Raises RegistryError."""
        repository, digest = self._place(destination)
        return await self._puller.rebased(runtime, repository=repository, digest=digest, source=source)

    def _place(self, destination: Destination) -> tuple[str, str]:
        """Repository and digest. Not the repository of the status: that names the registry as the nodes see it."""
        metadata = destination.metadata
        repository = self._pusher.repository(namespace=metadata.namespace, name=metadata.name)
        return repository, str(destination.status.image).rpartition("@")[2]
