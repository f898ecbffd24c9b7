"""Old images of a Destination out of the registry, once nothing can want them back.

Called at the end of a reconcile that went well. Costs nothing while the status remembers no more images than are kept;
what fails is said in an Event and tried again much later, and never changes how the Destination is.
"""

import logging
from collections.abc import Callable
from contextlib import suppress

from xkit_operator.api.destination import Destination, DestinationStatus
from xkit_operator.errors import ApiConflict, ClusterError, RegistryError, RegistryUnreachable, XkitError
from xkit_operator.image.deletion import ImageDeleter
from xkit_operator.image.retention import superseded
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.events import EventRecorder
from xkit_operator.reconcile.cleanup.finalizer import keeps_images
from xkit_operator.reconcile.cleanup.usage import images_in_use
from xkit_operator.reconcile.reporting.happenings import IMAGES_DELETED, IMAGES_NOT_DELETED
from xkit_operator.reconcile.reporting.writing import status_of, write_status

logger = logging.getLogger(__name__)

_PERIOD = 30.0  # seconds between two looks at one Destination whose old images are still in use
_AFTER_FAILURE = 3600.0  # how long an Event lives: it is seen as long as it is true, and once
_AFTER_SILENCE = 600.0  # a registry that is down must not take the workers' time, one Destination after the other


class Retention:
    """`clock` gives seconds that only grow."""

    def __init__(
        self, cluster: Cluster, deleter: ImageDeleter, events: EventRecorder, clock: Callable[[], float]
    ) -> None:
        self._cluster = cluster
        self._deleter = deleter
        self._events = events
        self._clock = clock
        self._not_before: dict[str, float] = {}  # by the uid of the Destination
        self._registry_not_before = 0.0

    async def clean(self, obj: Object, destination: Destination, status: DestinationStatus) -> None:
        """Delete the images that `status` remembers of `destination`, read as `obj`, and that may go."""
        history, keep = status.image_history or (), destination.spec.revision_history_limit
        if not superseded(history, keep=keep, in_use=set()) or keeps_images(obj) or not self._is_due(obj):
            return
        self._put_off(obj, _PERIOD)
        metadata = destination.metadata
        try:
            in_use = await images_in_use(self._cluster, namespace=metadata.namespace, name=metadata.name)
            old = superseded(history, keep=keep, in_use=in_use)
            if not old:
                return
            done = await self._deleter.delete(old, namespace=metadata.namespace, name=metadata.name, in_use=in_use)
        except (RegistryError, ClusterError) as error:
            await self._failed(obj, error)
            return
        await self._forget(obj, {*done.gone, *done.foreign})
        if done.gone:
            note = f"deleted from the registry: {', '.join(done.gone)}"
            await self._events.record(obj, IMAGES_DELETED, note=note)

    def _is_due(self, obj: Object) -> bool:
        return self._clock() >= max(self._not_before.get(obj["metadata"]["uid"], 0.0), self._registry_not_before)

    def _put_off(self, obj: Object, seconds: float) -> None:
        now = self._clock()
        self._not_before = {uid: time for uid, time in self._not_before.items() if time > now}
        self._not_before[obj["metadata"]["uid"]] = now + seconds

    async def _failed(self, obj: Object, error: XkitError) -> None:
        self._put_off(obj, _AFTER_FAILURE)
        if isinstance(error, RegistryUnreachable):
            self._registry_not_before = self._clock() + _AFTER_SILENCE
        logger.warning("Old images stay: %s: %s", error.code, error)
        note = f"old images stay for now: {error}"
        await self._events.record(obj, IMAGES_NOT_DELETED, note=note)

    async def _forget(self, obj: Object, settled: set[str]) -> None:
        """Take what is settled out of the status; if that fails, the next look finds these images gone."""
        metadata = obj["metadata"]
        found = await self._cluster.find("Destination", namespace=metadata["namespace"], name=metadata["name"])
        if found is None or found["metadata"]["uid"] != metadata["uid"]:
            return
        status = status_of(DestinationStatus, found)
        history = tuple(one for one in status.image_history or () if one not in settled)
        with suppress(ApiConflict):
            await write_status(self._cluster, found, status.model_copy(update={"image_history": history or None}))
