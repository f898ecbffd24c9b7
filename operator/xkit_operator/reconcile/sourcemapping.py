"""The status of a SourceMapping, and what to do when one changes.

What a SourceMapping comes to is decided with its Destination, whose reconcile writes both statuses: one writer, and
all facts at hand. Only one without a Destination is told so here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from xkit_operator.api.conditions import Condition, ConditionType, Reason, condition, find_condition
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.api.sourcemapping import SourceMapping, SourceMappingStatus
from xkit_operator.errors import DestinationNotFound
from xkit_operator.kube.client import Cluster, Object
from xkit_operator.kube.events import EventRecorder
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.mappings.index import MappingIndex, destination_of
from xkit_operator.reconcile.mappings.selection import Verdict
from xkit_operator.reconcile.reporting.announce import announce_ready
from xkit_operator.reconcile.reporting.change import still_awaited
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.reporting.status import abnormal, readiness, update_conditions
from xkit_operator.reconcile.reporting.writing import status_of, timestamp, write_status


@dataclass(frozen=True, kw_only=True)
class Serving:
    """The configuration of the current version of a runner, and whether every Pod is of that version."""

    configuration: RunnerConfiguration
    everywhere: bool

    def has(self, mapping: SourceMapping) -> bool:
        """Whether that configuration has `mapping` as it is now."""
        return any(
            one.name == mapping.metadata.name and one.spec == mapping.spec for one in self.configuration.mappings
        )


class SourceMappingReconciler:
    """Passes a change on to the Destinations concerned."""

    def __init__(
        self,
        cluster: Cluster,
        index: MappingIndex,
        events: EventRecorder,
        enqueue: Callable[[Key], None],
        now: Callable[[], datetime],
    ) -> None:
        self._cluster = cluster
        self._events = events
        self._index = index
        self._enqueue = enqueue
        self._now = now

    async def reconcile(self, key: Key) -> float | None:
        """See to it that the SourceMapping `key` is judged. Returns the seconds after which to look again.

        Raises ClusterError.
        """
        obj = await self._cluster.recall("SourceMapping", namespace=key.namespace, name=key.name)
        alive = obj is not None and "deletionTimestamp" not in obj["metadata"]
        destination = destination_of(obj) if obj is not None and alive else None
        for concerned in self._index.point(key, destination) - {destination}:
            self._enqueue(concerned)
        if obj is None or destination is None:
            return None
        found = await self._cluster.recall("Destination", namespace=key.namespace, name=destination.name)
        if found is None or "deletionTimestamp" in found["metadata"]:
            # One that is not there looks at its mappings: to look at it in turn would never end.
            return await self._orphan(obj, destination)
        self._enqueue(destination)
        return None

    async def _orphan(self, obj: Object, destination: Key) -> float | None:
        problem = Problem.of(DestinationNotFound(f"there is no Destination {destination.name} in this namespace"))
        before, now = status_of(SourceMappingStatus, obj), self._now()
        awaited = still_awaited(obj, now)
        after = refused(before, obj["metadata"]["generation"], problem, timestamp(now), awaited=awaited > 0)
        if await write_status(self._cluster, obj, after):
            await announce_ready(self._events, obj, before=before, after=after)
        return awaited or None


def refused(
    previous: SourceMappingStatus, generation: int, problem: Problem, now: str, *, awaited: bool = False
) -> SourceMappingStatus:
    """The status of one that cannot be judged against any Destination; `awaited`: which may be about to come."""
    accepted = _not_true(ConditionType.ACCEPTED, problem, generation)
    programmed = _not_true(ConditionType.PROGRAMMED, problem, generation)
    return _status(previous, generation, [accepted, programmed], now, awaited=awaited)


def undecided(previous: SourceMappingStatus, generation: int, now: str) -> SourceMappingStatus:
    """The status of one whose Destination cannot be read, so that nobody knows whether it fits."""
    message = "waits for a Destination that can be read"
    accepted = condition(ConditionType.ACCEPTED, "Unknown", Reason.PENDING, message, observed_generation=generation)
    programmed = _not_true(ConditionType.PROGRAMMED, Problem(Reason.PENDING, message), generation)
    return _status(previous, generation, [accepted, programmed], now)


def judged(
    previous: SourceMappingStatus, verdict: Verdict, serving: Serving | None, wait: Problem, now: str
) -> SourceMappingStatus:
    """The status of one with a verdict, whose Destination's runner is `serving` (None: there is none).

    `wait` is what is said of one that should be served and is not yet.
    """
    generation = verdict.mapping.metadata.generation
    problem = verdict.problem
    accepted = condition(ConditionType.ACCEPTED, "True", Reason.ACCEPTED, observed_generation=generation)
    programmed = condition(ConditionType.PROGRAMMED, "True", Reason.PROGRAMMED, observed_generation=generation)
    if problem is not None:
        accepted = _not_true(ConditionType.ACCEPTED, problem, generation)
        programmed = _not_true(ConditionType.PROGRAMMED, problem, generation)
    elif not _is_programmed(previous, verdict.mapping, serving):
        programmed = _not_true(ConditionType.PROGRAMMED, wait, generation)
    status = _status(previous, generation, [accepted, programmed], now)
    return status.model_copy(update={"unmapped": verdict.unmapped, "warnings": verdict.warnings})


def _is_programmed(previous: SourceMappingStatus, mapping: SourceMapping, serving: Serving | None) -> bool:
    if serving is None or not serving.has(mapping):
        return False
    # While a rollout goes on, Pods of two versions serve: if the version before had this mapping, both do.
    before = find_condition(previous.conditions, ConditionType.PROGRAMMED)
    had_it = before is not None and (before.status, before.observed_generation) == ("True", mapping.metadata.generation)
    return serving.everywhere or had_it


def _not_true(kind: ConditionType, problem: Problem, generation: int) -> Condition:
    return condition(kind, "False", problem.reason, problem.message, observed_generation=generation)


def _status(
    previous: SourceMappingStatus, generation: int, steps: list[Condition], now: str, *, awaited: bool = False
) -> SourceMappingStatus:
    ready = readiness(steps, generation)
    stalled = [one for one in abnormal(ready, awaited=awaited) if one.type == ConditionType.STALLED.value]
    conditions = update_conditions(previous.conditions, [*steps, ready, *stalled], now)
    return SourceMappingStatus(observed_generation=generation, conditions=conditions)
