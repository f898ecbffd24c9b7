"""From what was observed to the status of a Destination: its conditions and the fields beside them.

Pure: facts and the time in, a status out. The same facts give the same status, so nothing is written for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xkit_operator.api.conditions import (
    Condition,
    ConditionType,
    Reason,
    Status,
    condition,
    find_condition,
    set_condition,
    summarise,
)
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.api.outlook import OUTLOOK, Outlook
from xkit_operator.image.retention import identifier, remember
from xkit_operator.objects.deployment import only_current_pods, rolled_out
from xkit_operator.reconcile.reporting.problem import Problem

_AS_WANTED = frozenset({Reason.SCALED_TO_ZERO, Reason.PAUSED})
"""Reasons for which something is missing because the spec says so: whoever waits for Ready would wait for ever."""

_PAUSED = "spec.paused is true: nothing is changed, whatever else the spec says, until it is false"


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What one reconcile of a Destination found.

    Of `accepted`, `built` and `applied`, the steps in their order, at most one is a problem, and no later step was
    taken; none was when it is `paused`. `trouble` is why `deployment`, the live one, is not rolled out; `rewritten`,
    that this reconcile has changed it. While it is `awaited`, what the spec refers to may come yet. `image`,
    `source_hash` and `runtime` are those of the last image that was provided, `rebase` is what there is to say of it
    beyond that it is there.
    """

    generation: int
    accepted: Problem | None = None
    built: Problem | None = None
    applied: Problem | None = None
    paused: bool = False
    trouble: Problem | None = None
    awaited: bool = False
    rewritten: bool = False
    deployment: dict[str, Any] | None
    image: str | None
    source_hash: str | None
    runtime: str | None = None
    rebase: Problem | None = None
    url: str
    selector: str
    sources: Sequence[str]


def destination_status(previous: DestinationStatus, seen: Observation, now: str) -> DestinationStatus:
    """The status after `previous`, for what was `seen` at the time `now` (RFC 3339)."""
    steps = [_accepted(seen), _built(seen), _deployed(previous, seen), _available(seen)]
    ready = readiness(steps, seen.generation)
    counts = seen.deployment.get("status", {}) if seen.deployment else {}
    return DestinationStatus(
        observed_generation=seen.generation,
        conditions=update_conditions(previous.conditions, [*steps, ready, *abnormal(ready, awaited=seen.awaited)], now),
        image=seen.image,
        image_history=_history(previous, seen.image),
        source_hash=seen.source_hash,
        runtime=seen.runtime,
        url=seen.url,
        sources=", ".join(sorted(set(seen.sources))),
        replicas=counts.get("replicas", 0),
        ready_replicas=counts.get("readyReplicas", 0),
        selector=seen.selector,
    )


def _history(previous: DestinationStatus, image: str | None) -> tuple[str, ...] | None:
    return previous.image_history if image is None else remember(previous.image_history or (), identifier(image))


def readiness(steps: Sequence[Condition], generation: int) -> Condition:
    """Ready, of the conditions that lead to it, in their order.

    When the first that is not True is as wanted, Ready is True all the same, and its reason tells of the wish: tools
    that wait for an object take any other Ready for work that is still going on, as kstatus does.
    """
    summary = summarise(steps, observed_generation=generation)
    wish = next((one for one in steps if one.reason in _AS_WANTED), None)
    if wish is None or (summary.status != "True" and summary.reason not in _AS_WANTED):
        return summary
    return condition(ConditionType.READY, "True", Reason(wish.reason), wish.message, observed_generation=generation)


def update_conditions(previous: Sequence[Condition], new: Sequence[Condition], now: str) -> tuple[Condition, ...]:
    """`previous` with `new` in their places; what is abnormal and no longer said is gone."""
    said = {one.type for one in new}
    kept = tuple(one for one in previous if one.type in said or one.type not in _ABNORMAL)
    for one in new:
        kept = set_condition(kept, one, now)
    return kept


def abnormal(ready: Condition, *, awaited: bool) -> list[Condition]:
    """Reconciling while it may become Ready by itself, Stalled when somebody must act, else neither.

    While it is `awaited`, what a spec refers to is on its way: tools that take Stalled for the end of a deployment
    would give one up for a Secret that comes a second later.
    """
    if ready.status == "True":
        return []
    reason = Reason(ready.reason)
    outlook = OUTLOOK[reason]
    moving = outlook is Outlook.MOVING or (awaited and outlook is Outlook.AWAITED)
    kind = ConditionType.RECONCILING if moving else ConditionType.STALLED
    return [condition(kind, "True", reason, ready.message, observed_generation=ready.observed_generation)]


_ABNORMAL = frozenset({ConditionType.RECONCILING.value, ConditionType.STALLED.value})


def _step(seen: Observation, kind: ConditionType, good: Reason, problem: Problem | None) -> Condition:
    if problem is None:
        return condition(kind, "True", good, observed_generation=seen.generation)
    return condition(kind, "False", problem.reason, problem.message, observed_generation=seen.generation)


def _accepted(seen: Observation) -> Condition:
    return _step(seen, ConditionType.ACCEPTED, Reason.ACCEPTED, seen.accepted)


def _paused(seen: Observation, kind: ConditionType) -> Condition:
    """True with a reason of its own: what stands is as wanted, since nothing is to be changed."""
    status: Status = "True" if seen.deployment else "False"
    return condition(kind, status, Reason.PAUSED, _PAUSED, observed_generation=seen.generation)


def _built(seen: Observation) -> Condition:
    if seen.paused:
        return _paused(seen, ConditionType.BUILT)
    waiting = Problem(Reason.PENDING, "waits for an accepted spec") if seen.accepted else None
    if seen.rebase is not None and not (waiting or seen.built):
        said = seen.rebase
        return condition(ConditionType.BUILT, "True", said.reason, said.message, observed_generation=seen.generation)
    return _step(seen, ConditionType.BUILT, Reason.BUILT, waiting or seen.built)


def _deployed(previous: DestinationStatus, seen: Observation) -> Condition:
    if seen.paused:
        return _paused(seen, ConditionType.DEPLOYED)
    problem = seen.applied
    if seen.accepted or seen.built:
        before = "; the version before goes on serving" if seen.deployment else ""
        problem = Problem(Reason.PENDING, f"waits for the image{before}")
    elif problem is None and seen.deployment is not None and not rolled_out(seen.deployment):
        problem = seen.trouble
        if problem is None and not _stays_deployed(previous, seen, seen.deployment):
            problem = Problem(Reason.ROLLING_OUT, "waits for the Pods of this version to become ready")
    return _step(seen, ConditionType.DEPLOYED, Reason.DEPLOYED, problem)


def _stays_deployed(previous: DestinationStatus, seen: Observation, deployment: dict[str, Any]) -> bool:
    """Whether this version was rolled out before and only the number of its Pods differs from what is wanted now.

    That is so whenever an autoscaler is at work or a Pod is moved to another node: no reason to call it undeployed.
    """
    before = find_condition(previous.conditions, ConditionType.DEPLOYED)
    was = before is not None and (before.status, before.observed_generation) == ("True", seen.generation)
    return was and not seen.rewritten and only_current_pods(deployment)


def _available(seen: Observation) -> Condition:
    problem = None
    if seen.deployment is None:
        problem = Problem(Reason.PENDING, "nothing is deployed yet")
    elif seen.deployment["spec"].get("replicas") == 0:
        problem = Problem(Reason.SCALED_TO_ZERO, "spec.replicas is 0")
    elif not seen.deployment.get("status", {}).get("availableReplicas"):
        problem = seen.trouble or Problem(Reason.PENDING, "no Pod is ready")
    return _step(seen, ConditionType.AVAILABLE, Reason.AVAILABLE, problem)
