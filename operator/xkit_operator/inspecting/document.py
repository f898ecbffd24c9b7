"""The facts of `xkit status` as JSON, for machines."""

from typing import Any

from xkit_operator.inspecting.advice import next_of_mapping, next_step
from xkit_operator.inspecting.facts import DestinationFacts, MappingFacts, PodFacts, Trouble
from xkit_operator.inspecting.gathering import Overview


def document(found: Overview) -> dict[str, Any]:
    """All of it; names of members are those of the API where it has them."""
    return {
        "destinations": [_destination(one) for one in found.destinations],
        "withoutDestination": [_mapping(one) | {"next": next_of_mapping(one)} for one in found.strays],
    }


def _destination(facts: DestinationFacts) -> dict[str, Any]:
    shown = {
        **_common(facts),
        "status": facts.status.to_dict(),
        "mappings": [_mapping(one) for one in facts.mappings],
        "next": next_step(facts),
    }
    if facts.pods is not None:
        shown["pods"] = [_pod(one) for one in facts.pods]
    if facts.troubles is not None:
        shown["warnings"] = [_trouble(one) for one in facts.troubles]
    return shown


def _mapping(facts: MappingFacts) -> dict[str, Any]:
    return {
        **_common(facts),
        "destination": facts.destination,
        "source": facts.source,
        "conditions": [one.to_dict() for one in facts.conditions],
        "warnings": list(facts.warnings),
    }


def _common(facts: DestinationFacts | MappingFacts) -> dict[str, Any]:
    verdict = facts.verdict
    return {
        "namespace": facts.namespace,
        "name": facts.name,
        "createdAt": facts.created_at,
        "ready": verdict.ready,
        "reason": verdict.reason,
        "message": verdict.message,
    }


def _pod(facts: PodFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "createdAt": facts.created_at,
        "ready": facts.ready,
        "restarts": facts.restarts,
        "state": facts.state,
    }


def _trouble(facts: Trouble) -> dict[str, Any]:
    return {
        "lastSeen": facts.last_seen,
        "count": facts.count,
        "reason": facts.reason,
        "about": facts.about,
        "message": facts.message,
    }
