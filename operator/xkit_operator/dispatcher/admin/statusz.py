"""What is loaded in this Pod, for people who wonder: /statusz. Names, numbers and versions, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xkit_operator import __version__
from xkit_operator.dispatcher.queueing.queue import Queue

if TYPE_CHECKING:
    from xkit_operator.api.runner import RunnerConfiguration


def describe(
    configuration: RunnerConfiguration,
    *,
    readiness: str,
    node: str | None,
    executors: Sequence[dict[str, Any]],
    queue: Queue,
) -> dict[str, Any]:
    """The document."""
    destination = configuration.destination
    return {
        "destination": {"namespace": destination.namespace, "name": destination.name},
        "readiness": readiness,
        "versions": {"dispatcher": __version__, "node": node},
        "operations": list(configuration.operations),
        "inputs": [{"name": one.name, "type": one.type, "optional": one.optional} for one in configuration.inputs],
        "variables": sorted([*configuration.variables.literals, *configuration.variables.files]),
        "tokens": configuration.tokens,
        "mappings": [
            {
                "name": mapping.name,
                "source": {"slug": mapping.spec.source.slug, "object": mapping.spec.source.object},
                "inputs": [entry.name for entry in mapping.spec.inputs],
            }
            for mapping in configuration.mappings
        ],
        "limits": {
            "timeoutSeconds": configuration.limits.timeout_seconds,
            "concurrency": configuration.limits.concurrency,
        },
        "records": {"running": queue.in_flight, "waiting": queue.waiting},
        "executors": list(executors),
    }
