"""One image to the registry, or back into it: look, build, push, and say so when the registry had lost it.

Runs in the background of a reconcile, so it may take as long as the line to the registry needs.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from xkit_operator.api.destination import Destination
from xkit_operator.errors import RegistryError
from xkit_operator.image.manifest import Image
from xkit_operator.image.push import Pusher
from xkit_operator.image.runtime import Runtime
from xkit_operator.kube.events import EventRecorder
from xkit_operator.kube.kinds import api_version
from xkit_operator.reconcile.reporting.happenings import IMAGE_RESTORED

Built = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Order:
    """An image that is wanted under `repository` and `tag`. `build` makes it.

    `known` is the digest under which it was stored before and is deployed, if it was; `doubted`, that a Pod could not
    pull it.
    """

    destination: Destination
    runtime: Runtime
    repository: str
    tag: str
    known: str | None
    doubted: bool
    build: Callable[[], Awaitable[Image]]


class Deliveries:
    """`built` is told the outcome and the seconds of every build."""

    def __init__(self, pusher: Pusher, events: EventRecorder, *, built: Built) -> None:
        self._pusher = pusher
        self._events = events
        self._built = built

    async def deliver(self, order: Order) -> str:
        """The digest of the image, which the registry has then. Raises RegistryError, BuildFailed.

        An image that is deployed is looked for by its digest, since a tag may have been moved, and one request is all
        when it is there. A lost one that this release would build with another digest, by another zlib, gets that one.
        """
        known = None if order.doubted else order.known
        if known is not None and await self._pusher.find(order.repository, known) is not None:
            return known
        clock = asyncio.get_running_loop()
        start = clock.time()
        image = await order.build()
        try:
            outcome = await self._store(order, image)
        except RegistryError as error:
            self._built(error.code, clock.time() - start)
            raise
        self._built(outcome, clock.time() - start)
        if outcome == "restored":
            await self._announce(order, image.manifest.digest)
        return image.manifest.digest

    async def _store(self, order: Order, image: Image) -> str:
        """The outcome: `pushed`, `restored`, or `found` when nothing was missing."""
        if order.doubted and order.known == image.manifest.digest:
            restored = await self._pusher.restore(order.runtime, image, repository=order.repository, tag=order.tag)
            return "restored" if restored else "found"
        pushed = await self._pusher.push(order.runtime, image, repository=order.repository, tag=order.tag)
        if order.known is not None:
            return "restored"
        return "pushed" if pushed.uploaded_bytes else "found"

    async def _announce(self, order: Order, digest: str) -> None:
        metadata = order.destination.metadata
        regarding = {
            "apiVersion": api_version("Destination"),
            "kind": "Destination",
            "metadata": {"namespace": metadata.namespace, "name": metadata.name, "uid": metadata.uid},
        }
        note = f"the registry had lost the image {order.repository}@{order.known}, or a part of it: pushed again"
        note += "" if digest == order.known else f" as {digest}"
        await self._events.record(regarding, IMAGE_RESTORED, note=note)
