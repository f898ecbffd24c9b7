"""What the author of a Destination does in the course of its life: makes it with all that it can have, and edits it."""

from typing import Any

from tests.operator.world import destination, mapping

Objects = list[dict[str, Any]]


def created(name: str) -> Objects:
    """A Destination with every optional child, and two mappings."""
    runner = destination(
        name,
        autoscaling={"minReplicas": 1, "maxReplicas": 1},
        network={"egress": [{"to": [{"podSelector": {}}], "ports": [{"port": 443}]}]},
        revisionHistoryLimit=1,
    )
    return [runner, _hubspot(name), _salesforce(name, {"direct": {"pointer": "/Id"}})]


def edited(name: str) -> Objects:
    """Another function and other limits, no autoscaler any more, another NetworkPolicy, and one mapping changed."""
    runner = destination(
        name,
        upsert="module.exports = async ({ inputs }) => inputs.id + ' edited'",
        limits={"concurrency": 7},
        network={"egress": [{"to": [{"podSelector": {}}], "ports": [{"port": 8443}]}]},
        revisionHistoryLimit=1,
    )
    return [runner, _hubspot(name), _salesforce(name, {"static": {"value": "edited"}})]


def mappings(name: str) -> list[str]:
    """The names of its SourceMappings."""
    return [f"{name}-hubspot", f"{name}-salesforce"]


def _hubspot(name: str) -> dict[str, Any]:
    return mapping(f"{name}-hubspot", to=name)


def _salesforce(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    made = mapping(f"{name}-salesforce", to=name, slug="salesforce")
    made["spec"]["inputs"] = [{"name": "id", **entry}]
    return made
