"""What is known of a Destination, from the objects of the cluster that belong to it. Pure: dicts in, facts out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xkit_operator.api.conditions import Condition, ConditionType, find_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.sourcemapping import SourceMappingStatus

NOT_OBSERVED = "NotObserved"
"""In the place of a reason: the operator has not looked at the object yet, or not since its last change."""


@dataclass(frozen=True)
class Verdict:
    """The condition Ready, where it speaks about the object as it is now."""

    ready: str
    reason: str
    message: str


@dataclass(frozen=True)
class MappingFacts:
    """A SourceMapping."""

    namespace: str
    name: str
    destination: str
    source: str
    """The app's slug, with the kind of record where the mapping is for one: hubspot/contact."""
    created_at: str
    verdict: Verdict
    conditions: tuple[Condition, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class PodFacts:
    """A runner Pod."""

    name: str
    created_at: str
    ready: str
    """Such as 2/2: containers."""
    restarts: int
    state: str
    """As kubectl says it: Running, Terminating, CrashLoopBackOff…"""


@dataclass(frozen=True)
class Trouble:
    """An Event of type Warning about the Destination or something of it."""

    last_seen: str
    reason: str
    about: str
    message: str
    count: int


@dataclass(frozen=True)
class DestinationFacts:
    """A Destination, and what belongs to it."""

    namespace: str
    name: str
    created_at: str
    paused: bool
    verdict: Verdict
    status: DestinationStatus
    mappings: tuple[MappingFacts, ...] = ()
    pods: tuple[PodFacts, ...] | None = None
    """None: not asked for, or not to be seen by whoever asks."""
    troubles: tuple[Trouble, ...] | None = None
    """None as with Pods."""


def mapping_facts(obj: dict[str, Any]) -> MappingFacts:
    """Read a SourceMapping."""
    metadata, spec = obj["metadata"], obj["spec"]
    status = SourceMappingStatus.model_validate(obj.get("status", {}))
    return MappingFacts(
        namespace=metadata["namespace"],
        name=metadata["name"],
        destination=spec["destinationRef"]["name"],
        source="/".join(filter(None, (spec["source"]["slug"], spec["source"].get("object")))),
        created_at=metadata["creationTimestamp"],
        verdict=_verdict(status.conditions, status.observed_generation, metadata),
        conditions=status.conditions,
        warnings=status.warnings,
    )


def destination_facts(obj: dict[str, Any], mappings: Iterable[MappingFacts]) -> DestinationFacts:
    """Read a Destination, with those of `mappings` that are its own."""
    metadata = obj["metadata"]
    status = DestinationStatus.model_validate(obj.get("status", {}))
    whose = (metadata["namespace"], metadata["name"])
    return DestinationFacts(
        namespace=metadata["namespace"],
        name=metadata["name"],
        created_at=metadata["creationTimestamp"],
        paused=bool(obj["spec"].get("paused")),
        verdict=_verdict(status.conditions, status.observed_generation, metadata),
        status=status,
        mappings=tuple(one for one in mappings if (one.namespace, one.destination) == whose),
    )


def pod_facts(pod: dict[str, Any]) -> PodFacts:
    """Read a Pod."""
    statuses = pod.get("status", {}).get("containerStatuses", [])
    return PodFacts(
        name=pod["metadata"]["name"],
        created_at=pod["metadata"]["creationTimestamp"],
        ready=f"{sum(one['ready'] for one in statuses)}/{len(pod['spec']['containers'])}",
        restarts=sum(one["restartCount"] for one in statuses),
        state=_state(pod, statuses),
    )


def trouble(event: dict[str, Any]) -> Trouble:
    """Read an Event as the core API gives it, whichever of the two APIs it was written by."""
    about, series = event["involvedObject"], event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return Trouble(
        last_seen=next(filter(None, times), None) or event["metadata"]["creationTimestamp"],
        reason=event.get("reason", ""),
        about=f"{about.get('kind')} {about.get('name')}",
        message=event.get("message", ""),
        count=series.get("count") or event.get("count") or 1,
    )


def _verdict(conditions: Sequence[Condition], observed: int, metadata: dict[str, Any]) -> Verdict:
    ready = find_condition(conditions, ConditionType.READY)
    if ready is None or observed < metadata.get("generation", 0):
        since = "its last change" if ready else "it was made"
        return Verdict("Unknown", NOT_OBSERVED, f"the operator has not looked at it since {since}")
    return Verdict(ready.status, ready.reason, ready.message)


def _state(pod: dict[str, Any], statuses: Sequence[dict[str, Any]]) -> str:
    if "deletionTimestamp" in pod["metadata"]:
        return "Terminating"
    for one in statuses:
        held_up = one.get("state", {}).get("waiting") or one.get("state", {}).get("terminated")
        if held_up and held_up.get("reason"):
            return str(held_up["reason"])
    status = pod.get("status", {})
    return str(status.get("reason") or status.get("phase", "Unknown"))
