"""Reads from the cluster what `xkit status` tells: two lists for an overview, more for one Destination by its name."""

from dataclasses import dataclass, replace

from xkit_operator.errors import ApiForbidden, ApiNotFound
from xkit_operator.inspecting.asking import destination, not_installed
from xkit_operator.inspecting.facts import (
    DestinationFacts,
    MappingFacts,
    PodFacts,
    Trouble,
    destination_facts,
    mapping_facts,
    pod_facts,
    trouble,
)
from xkit_operator.kube.client import Cluster
from xkit_operator.objects.labels import pod_selector

_MOST_TROUBLES = 5


@dataclass(frozen=True)
class Overview:
    """The Destinations, and SourceMappings whose Destination is not there."""

    destinations: tuple[DestinationFacts, ...]
    strays: tuple[MappingFacts, ...] = ()


async def overview(cluster: Cluster, namespace: str | None) -> Overview:
    """Of a namespace, or of all. Raises ClusterError."""
    try:
        objects = [one async for one in cluster.list("Destination", namespace=namespace)]
        mappings = [mapping_facts(one) async for one in cluster.list("SourceMapping", namespace=namespace)]
    except ApiNotFound as error:
        raise not_installed() from error
    found = tuple(destination_facts(one, mappings) for one in objects)
    joined = {id(mapping) for one in found for mapping in one.mappings}
    return Overview(found, tuple(one for one in mappings if id(one) not in joined))


async def in_detail(cluster: Cluster, namespace: str, name: str) -> Overview:
    """One Destination with its Pods and its last troubles. Raises ClusterError."""
    obj = await destination(cluster, namespace, name)
    mappings = [mapping_facts(one) async for one in cluster.list("SourceMapping", namespace=namespace)]
    facts = destination_facts(obj, mappings)
    pods = await _pods(cluster, facts)
    return Overview((replace(facts, pods=pods, troubles=await _troubles(cluster, facts)),))


async def _pods(cluster: Cluster, facts: DestinationFacts) -> tuple[PodFacts, ...] | None:
    listed = cluster.list("Pod", namespace=facts.namespace, labels=pod_selector(facts.name))
    try:
        return tuple([pod_facts(one) async for one in listed])
    except ApiForbidden:
        return None


async def _troubles(cluster: Cluster, facts: DestinationFacts) -> tuple[Trouble, ...] | None:
    """The last ones, the latest first."""
    listed = cluster.list("CoreEvent", namespace=facts.namespace, fields="type=Warning")
    try:
        events = [one async for one in listed]
    except ApiForbidden:
        return None
    found = [trouble(one) for one in events if _concerns(one["involvedObject"], facts)]
    return tuple(sorted(found, key=lambda one: one.last_seen, reverse=True)[:_MOST_TROUBLES])


def _concerns(about: dict[str, str], facts: DestinationFacts) -> bool:
    kind, name = about.get("kind"), about.get("name", "")
    match kind:
        case "Destination" | "Deployment":
            return name == facts.name
        case "SourceMapping":
            return name in {one.name for one in facts.mappings}
        case "ReplicaSet":
            return name.rpartition("-")[0] == facts.name
        case "Pod":  # by its name, since it may be gone: the Destination's, and the hashes of version and Pod
            return name.rsplit("-", 2)[0] == facts.name
    return False
