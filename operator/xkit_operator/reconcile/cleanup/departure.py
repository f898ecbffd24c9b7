"""A Destination that goes, and with it its images: while `images.cleanup` is on, by a finalizer.

The runner goes first, so that nothing wants to pull any more; then the images, when none is on its way any more; then
the finalizer. A registry that is gone holds a deletion, and the namespace around it, up for a few minutes at most.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from xkit_operator.api.destination import DestinationStatus
from xkit_operator.errors import ApiConflict, ApiNotFound, ClusterError, RegistryError, RegistryRefused
from xkit_operator.image.deletion import ImageDeleter
from xkit_operator.image.retention import identifier, remember
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.events import EventRecorder
from xkit_operator.kube.owner import is_owned
from xkit_operator.objects.labels import pod_labels
from xkit_operator.reconcile.cleanup.finalizer import add_finalizer, has_finalizer, keeps_images, remove_finalizer
from xkit_operator.reconcile.cleanup.usage import has_staying_pods
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import key_of
from xkit_operator.reconcile.reporting.happenings import IMAGES_NOT_DELETED
from xkit_operator.reconcile.reporting.writing import status_of, time_of

logger = logging.getLogger(__name__)

GIVEN_UP_AFTER = 300.0  # seconds after the deletion
_SHORTEST_POLL = 1.0
_LONGEST_POLL = 15.0
_ORPHANING = "orphan"  # the garbage collector's: kubectl delete --cascade=orphan


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why images cannot be deleted; a `lasting` one is still there however often it is tried."""

    words: str
    lasting: bool = False


class Departure:
    """`images_go`: whether a Destination takes its images along. `now` gives aware UTC times.

    `delivering` tells whether an image of the Destination with this key is being pushed.
    """

    def __init__(
        self,
        cluster: Cluster,
        deleter: ImageDeleter,
        events: EventRecorder,
        *,
        images_go: bool,
        delivering: Callable[[Key], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._cluster = cluster
        self._deleter = deleter
        self._events = events
        self._images_go = images_go
        self._delivering = delivering
        self._now = now

    async def prepare(self, obj: Object) -> Object:
        """`obj`, as read, with the finalizer that it should have, or without. Raises ApiConflict.

        Before the first push, so that no image is left by a Destination of seconds. Also takes back the finalizers of
        an operator that was told otherwise.
        """
        wanted = self._images_go and not keeps_images(obj)
        if wanted == has_finalizer(obj):
            return obj
        try:
            return await (add_finalizer if wanted else remove_finalizer)(self._cluster, obj)
        except (ApiConflict, ApiNotFound):
            raise
        except ClusterError as error:
            logger.warning("The finalizer stays as it is: %s: %s", error.code, error)
            return obj

    async def leave(self, obj: Object) -> float | None:
        """One step of letting `obj` go; the seconds after which the next is due. Raises ClusterError."""
        if not has_finalizer(obj):
            return None
        if self._images_go and not keeps_images(obj) and _ORPHANING not in obj["metadata"]["finalizers"]:
            obstacle = await self._delete_images(obj)
            if obstacle is not None:
                age = self._age(obj)
                if age < GIVEN_UP_AFTER and not obstacle.lasting:
                    return min(_LONGEST_POLL, max(_SHORTEST_POLL, age / 2))
                await self._give_up(obj, obstacle)
        with suppress(ApiNotFound):
            await remove_finalizer(self._cluster, obj)
        return None

    async def _delete_images(self, obj: Object) -> Obstacle | None:
        """One attempt, with what kept it from its end. Raises ClusterError."""
        where = {key: obj["metadata"][key] for key in ("namespace", "name")}
        deployment = await self._cluster.find("Deployment", **where)
        if deployment is not None and _was_left_on_purpose(deployment, obj):
            return None
        if (
            deployment is not None
            and is_owned(deployment, obj["metadata"]["uid"])
            and "deletionTimestamp" not in deployment["metadata"]
        ):
            with suppress(ApiNotFound):
                await self._cluster.delete("Deployment", **where, uid=deployment["metadata"]["uid"])
        if await has_staying_pods(self._cluster, **where):
            return Obstacle(words="Pods of the runner are still there")
        if self._delivering(key_of("Destination", obj)):
            return Obstacle(words="an image is still being pushed")
        status = status_of(DestinationStatus, obj)
        images = status.image_history or ()
        if status.image is not None:
            images = remember(images, identifier(status.image))
        try:
            await self._deleter.delete_all(images, **where)
        except RegistryError as error:
            return Obstacle(words=str(error), lasting=isinstance(error, RegistryRefused))
        return None

    def _age(self, obj: Object) -> float:
        return (self._now() - time_of(obj["metadata"]["deletionTimestamp"])).total_seconds()

    async def _give_up(self, obj: Object, obstacle: Obstacle) -> None:
        logger.warning("Images of a deleted Destination stay: %s", obstacle.words)
        note = f"its images stay in the registry: {obstacle.words}"
        await self._events.record(obj, IMAGES_NOT_DELETED, note=note)


def _was_left_on_purpose(deployment: Object, obj: Object) -> bool:
    """Whether the runner was orphaned: it goes on without its Destination and still wants its image."""
    ours = pod_labels(obj["metadata"]["name"]).items() <= deployment["metadata"].get("labels", {}).items()
    return ours and not is_owned(deployment, obj["metadata"]["uid"])
