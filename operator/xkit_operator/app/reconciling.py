"""Builds the two reconcilers from their parts and sends each key to its own."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from xkit_operator.app.metrics import Metrics
from xkit_operator.image.deletion import ImageDeleter
from xkit_operator.image.pull import Puller
from xkit_operator.image.push import Pusher
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import RuntimeCatalogue
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.kube.client import Cluster
from xkit_operator.kube.events import EventRecorder
from xkit_operator.reconcile.cleanup.departure import Departure
from xkit_operator.reconcile.cleanup.retention import Retention
from xkit_operator.reconcile.destination import DestinationReconciler
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex
from xkit_operator.reconcile.provisioning.delivery import Deliveries
from xkit_operator.reconcile.provisioning.deployed import DeployedImages
from xkit_operator.reconcile.provisioning.images import Images
from xkit_operator.reconcile.provisioning.provision import Provisioner
from xkit_operator.reconcile.provisioning.rebase import RebaseGate
from xkit_operator.reconcile.references.index import ReferenceIndex
from xkit_operator.reconcile.references.resolve import References
from xkit_operator.reconcile.sourcemapping import SourceMappingReconciler
from xkit_operator.reconcile.steps import Steps
from xkit_operator.settings import Settings

_TRUSTED = 60.0
_TRUSTED_SHARE = 0.4  # of the resync's period: less lies between two resyncs of a key never, so that each one looks


def reconciler(
    settings: Settings,
    cluster: Cluster,
    registry: Registry,
    checker: SyntaxChecker,
    index: MappingIndex,
    references: ReferenceIndex,
    catalogue: RuntimeCatalogue,
    gate: RebaseGate,
    metrics: Metrics,
    enqueue: Callable[[Key], None],
) -> Callable[[Key], Awaitable[float | None]]:
    """The function that workers call with a key."""
    pusher = Pusher(registry, settings.registry_prefix, settings.registry_naming)
    deployed = DeployedImages(pusher, Puller(registry))
    events = EventRecorder(cluster, instance=settings.instance, now=_now)
    images = Images(
        catalogue,
        pusher,
        deployed,
        checker,
        Deliveries(pusher, events, built=metrics.built),
        pull_host=settings.registry_pull,
        trusted=min(_TRUSTED, settings.resync_seconds * _TRUSTED_SHARE),
        wake=enqueue,
    )
    deleter = ImageDeleter(registry, pusher.repository)
    provisioner = Provisioner(cluster, images, deployed, gate, dispatcher=settings.dispatcher_image)
    destinations = DestinationReconciler(
        cluster,
        Steps(cluster, References(cluster, references), images, provisioner),
        references,
        index,
        events,
        metrics,
        Departure(
            cluster, deleter, events, images_go=settings.images_finalizer, delivering=images.delivering, now=_now
        ),
        Retention(cluster, deleter, events, time.monotonic) if settings.images_cleanup else None,
        gate,
        doubt=images.doubt,
        enqueue=enqueue,
        now=_now,
    )
    mappings = SourceMappingReconciler(cluster, index, events, enqueue, _now)

    async def reconcile(key: Key) -> float | None:
        if key.kind == "Destination":
            return await destinations.reconcile(key)
        return await mappings.reconcile(key)

    return reconcile


def _now() -> datetime:
    return datetime.now(UTC)
