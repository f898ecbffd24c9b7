"""kopf as an informer: watches our two kinds, the children, and ConfigMaps to reload; puts keys into the queue.

kopf swallows what its event handlers raise, so they do no work. With them alone it writes nothing and needs list and
watch only. An event of a version that a reconcile knows already, such as one that it wrote, is none.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from typing import Any

import kopf

from xkit_operator.api.group import GROUP, VERSION
from xkit_operator.app.forgetting import NoEssence
from xkit_operator.kube.copies import Copies
from xkit_operator.kube.versions import Versions, place_of
from xkit_operator.objects.labels import CHILD_SELECTOR, DESTINATION, RELOAD_SELECTOR
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex, destination_of

_CHILDREN = {
    ("apps", "v1", "deployments"): "Deployment",
    ("", "v1", "services"): "Service",
    ("", "v1", "serviceaccounts"): "ServiceAccount",
    ("autoscaling", "v2", "horizontalpodautoscalers"): "HorizontalPodAutoscaler",
    ("policy", "v1", "poddisruptionbudgets"): "PodDisruptionBudget",
    ("networking.k8s.io", "v1", "networkpolicies"): "NetworkPolicy",
}
_CONFIG_MAPS = ("v1", "configmaps")


class Backoffs:
    """Pauses between the attempts of one request, in seconds: growing at first, and without an end.

    kopf's own end with 8, 13 and 21 s: blind for that long after the server is back. And where they end it gives up:
    an API server, or what stands before it, that answers 503 for half a minute would end this process.
    """

    def __iter__(self) -> Iterator[float]:
        return chain((1, 1, 2, 3), repeat(5))


def informer(
    enqueue: Callable[[Key], None],
    versions: Versions,
    copies: Copies,
    index: MappingIndex,
    referring: Callable[[str, str], Iterable[Key]],
    heard: Callable[[], None],
) -> kopf.OperatorRegistry:
    """A registry of kopf whose handlers call `enqueue` with the keys that an event concerns, and `heard` with each.

    `referring` tells the Destinations that refer to a ConfigMap, by its namespace and name.
    """
    registry = kopf.OperatorRegistry()

    def is_news(kind: str, event: kopf.RawEvent) -> bool:
        heard()
        metadata = event["object"]["metadata"]
        place = place_of(kind, metadata)
        copies.hear(event["object"], deleted=event["type"] == "DELETED", listed=event["type"] is None)
        if event["type"] != "DELETED":
            return versions.is_news(place, str(metadata["resourceVersion"]))
        versions.forget(place)
        return True

    @kopf.on.event(GROUP, VERSION, "destinations", registry=registry, id="enqueue")
    async def destination(event: kopf.RawEvent, namespace: str | None, name: str | None, **_: Any) -> None:
        if is_news("Destination", event):
            enqueue(Key("Destination", str(namespace), str(name)))

    @kopf.on.event(GROUP, VERSION, "sourcemappings", registry=registry, id="enqueue")
    async def mapping(event: kopf.RawEvent, namespace: str | None, name: str | None, **_: Any) -> None:
        key, obj = Key("SourceMapping", str(namespace), str(name)), dict[str, Any](event["object"])
        news = is_news("SourceMapping", event)
        before, now = index.destination_of(key), destination_of(obj)
        if event["type"] == "DELETED" or "deletionTimestamp" in obj["metadata"] or before not in (None, now):
            # To kopf one of the same name is another object: what comes of it may have been told before this. And what
            # a mapping points at is not changed by words which may be old.
            enqueue(key)
            return
        index.point(key, now)
        if news or before is None:
            enqueue(now)

    for (group, version, plural), kind in _CHILDREN.items():
        where = (group, version, plural) if group else (version, plural)

        @kopf.on.event(*where, registry=registry, id="enqueue", param=kind)
        async def child(
            event: kopf.RawEvent, labels: kopf.Labels, namespace: str | None, param: Any = None, **_: Any
        ) -> None:
            if is_news(param, event) and DESTINATION in labels:
                enqueue(Key("Destination", str(namespace), labels[DESTINATION]))

    @kopf.on.event(*_CONFIG_MAPS, registry=registry, id="enqueue")
    async def config_map(
        event: kopf.RawEvent, labels: kopf.Labels, namespace: str | None, name: str | None, **_: Any
    ) -> None:
        if is_news("ConfigMap", event) and DESTINATION in labels:
            enqueue(Key("Destination", str(namespace), labels[DESTINATION]))
        for key in referring(str(namespace), str(name)):  # several may refer to it, of which one has read it
            enqueue(key)

    return registry


def informer_settings() -> kopf.OperatorSettings:
    """kopf's settings: no writes, no scanning, bounded waits. Each was measured against a real API server."""
    settings = kopf.OperatorSettings()
    settings.peering.standalone = True
    settings.posting.enabled = False
    settings.scanning.disabled = True
    for group, version, plural in _CHILDREN:
        settings.watching.label_selectors[group or version, plural] = CHILD_SELECTOR
    settings.watching.label_selectors[_CONFIG_MAPS] = RELOAD_SELECTOR
    settings.persistence.diffbase_storage = NoEssence()
    # For that long after an event kopf keeps a task and the object: at the start, of all objects of the cluster.
    settings.queueing.idle_timeout = 0.1
    # Pages of 500 Destinations with long functions took 263 MB at the peak, pages of 50 take 155 MB and no longer.
    settings.watching.chunk_size = 50
    settings.watching.server_timeout = 600
    settings.watching.client_timeout = 610
    settings.watching.connect_timeout = 5
    settings.networking.request_timeout = 30
    settings.networking.connect_timeout = 5
    settings.networking.error_backoffs = Backoffs()
    # A fatal error of a watch leaves kopf waiting for itself until this time is over (10 minutes by default).
    settings.process.ultimate_exiting_timeout = 10
    return settings
