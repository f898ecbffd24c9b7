"""The status of a SourceMapping, and what to do when one changes.

What a SourceMapping comes to is decided with its Destination, whose reconcile writes both statuses: one writer, and
all facts at hand. Only one without a Destination is told so here.
"""

from collections.abc import Callable
from datetime import datetime

from xkit_operator.api.conditions import Condition, ConditionType, Reason, condition, summarise
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.api.sourcemapping import SourceMappingStatus
from xkit_operator.errors import DestinationNotFound
from xkit_operator.kube.client import Cluster
from xkit_operator.reconcile.index import MappingIndex, destination_of
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.problem import Problem
from xkit_operator.reconcile.selection import Verdict
from xkit_operator.reconcile.status import abnormal, update_conditions
from xkit_operator.reconcile.writing import status_of, timestamp, write_status


class SourceMappingReconciler:
    """Passes a change on to the Destinations concerned."""

    def __init__(
        self, cluster: Cluster, index: MappingIndex, enqueue: Callable[[Key], None], now: Callable[[], datetime]
    ) -> None:
        self._cluster = cluster
        self._index = index
        self._enqueue = enqueue
        self._now = now

    async def reconcile(self, key: Key) -> float | None:
        """See to it that the SourceMapping `key` is judged. Raises ClusterError."""
        obj = await self._cluster.find("SourceMapping", namespace=key.namespace, name=key.name)
        alive = obj is not None and "deletionTimestamp" not in obj["metadata"]
        destination = destination_of(obj) if obj is not None and alive else None
        for concerned in self._index.point(key, destination):
            self._enqueue(concerned)
        if obj is None or destination is None:
            return None
        if await self._cluster.find("Destination", namespace=key.namespace, name=destination.name) is None:
            problem = Problem.of(DestinationNotFound(f"there is no Destination {destination.name} in this namespace"))
            previous = status_of(SourceMappingStatus, obj)
            status = refused(previous, obj["metadata"]["generation"], problem, timestamp(self._now()))
            await write_status(self._cluster, obj, status)
        return None


def refused(previous: SourceMappingStatus, generation: int, problem: Problem, now: str) -> SourceMappingStatus:
    """The status of one that cannot be judged against any Destination."""
    accepted = _not_true(ConditionType.ACCEPTED, problem, generation)
    programmed = _not_true(ConditionType.PROGRAMMED, problem, generation)
    return _status(previous, generation, [accepted, programmed], now)


def undecided(previous: SourceMappingStatus, generation: int, now: str) -> SourceMappingStatus:
    """The status of one whose Destination cannot be read, so that nobody knows whether it fits."""
    message = "waits for a Destination that can be read"
    accepted = condition(ConditionType.ACCEPTED, "Unknown", Reason.PENDING, message, observed_generation=generation)
    programmed = _not_true(ConditionType.PROGRAMMED, Problem(Reason.PENDING, message), generation)
    return _status(previous, generation, [accepted, programmed], now)


def judged(
    previous: SourceMappingStatus, verdict: Verdict, serving: RunnerConfiguration | None, now: str
) -> SourceMappingStatus:
    """The status of one with a verdict, where every Pod runs with the configuration `serving` (None: not all do)."""
    generation = verdict.mapping.metadata.generation
    accepted = (
        _not_true(ConditionType.ACCEPTED, verdict.problem, generation)
        if verdict.problem
        else condition(ConditionType.ACCEPTED, "True", Reason.ACCEPTED, observed_generation=generation)
    )
    status = _status(previous, generation, [accepted, _programmed(verdict, serving)], now)
    return status.model_copy(update={"unmapped": verdict.unmapped, "warnings": verdict.warnings})


def _programmed(verdict: Verdict, serving: RunnerConfiguration | None) -> Condition:
    mapping = verdict.mapping
    generation = mapping.metadata.generation
    served = serving is not None and any(
        one.name == mapping.metadata.name and one.spec == mapping.spec for one in serving.mappings
    )
    if served and verdict.problem is None:
        return condition(ConditionType.PROGRAMMED, "True", Reason.PROGRAMMED, observed_generation=generation)
    problem = verdict.problem or Problem(Reason.PENDING, "waits for the Pods of its Destination to run with it")
    return _not_true(ConditionType.PROGRAMMED, problem, generation)


def _not_true(kind: ConditionType, problem: Problem, generation: int) -> Condition:
    return condition(kind, "False", problem.reason, problem.message, observed_generation=generation)


def _status(previous: SourceMappingStatus, generation: int, steps: list[Condition], now: str) -> SourceMappingStatus:
    ready = summarise(steps, observed_generation=generation)
    stalled = [one for one in abnormal(ready) if one.type == ConditionType.STALLED.value]
    conditions = update_conditions(previous.conditions, [*steps, ready, *stalled], now)
    return SourceMappingStatus(observed_generation=generation, conditions=conditions)
