"""Why a Pod of a runner is not ready, from what the Pod itself says.

Pure. The messages are quoted without what changes from one look to the next (counters, generated names), and a
container that is tried once more counts as it did before until its Pod is ready: a Pod that stays broken in the same
way gives the same words and no write.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from xkit_operator.api.conditions import Reason
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.reporting.writing import time_of

Pod = dict[str, Any]

_LOAD_FAILED = "FunctionLoadFailed: "
_LONGEST_QUOTE = 500
_KUBELET_NOTICES = timedelta(seconds=10)  # the end of a container, in the Pod's condition: two as a rule
_SETTLED = timedelta(minutes=10)  # a container that ran for so long does not loop: its back-off begins anew, too
_PULL_FAILURES = frozenset({"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"})


def is_ready(pod: Pod) -> bool:
    """Whether the Pod takes records."""
    return _condition(pod, "Ready").get("status") == "True"


def waits_for_volumes(pod: Pod) -> bool:
    """Whether the Pod has a node and none of its containers was started yet: its volumes may be the cause."""
    statuses = _container_statuses(pod)
    return bool(statuses) and all(
        status.get("state", {}).get("waiting", {}).get("reason") == "ContainerCreating" for status in statuses
    )


def pod_problem(pod: Pod) -> Problem | None:
    """What keeps `pod` from being ready, if it says so."""
    problems = [problem for status in _container_statuses(pod) for problem in _container_problems(pod, status)]
    if problems:
        return min(problems, key=_informative_first)
    scheduled = _condition(pod, "PodScheduled")
    if scheduled.get("status") == "False" and scheduled.get("reason") == "Unschedulable":
        return Problem(Reason.UNSCHEDULABLE, scheduled.get("message", ""))
    return None


def _container_problems(pod: Pod, status: dict[str, Any]) -> Iterator[Problem]:
    name = status["name"]
    waiting = status.get("state", {}).get("waiting", {})
    if waiting.get("reason") in _PULL_FAILURES:
        yield Problem(
            Reason.IMAGE_PULL_FAILED,
            f"container {name}: {status['image']} cannot be pulled: {_pull_error(waiting.get('message', ''))}",
            image=status["image"],
        )
    ended = status.get("state", {}).get("terminated") or status.get("lastState", {}).get("terminated")
    if ended and _still_matters(pod, ended):
        yield from _end(name, ended, again=_ends_again_and_again(status, ended))


def _still_matters(pod: Pod, ended: dict[str, Any]) -> bool:
    """Whether the Pod has not been ready since; is_ready(pod) is false here."""
    unready_since, finished = _condition(pod, "Ready").get("lastTransitionTime"), ended.get("finishedAt")
    if not unready_since or not finished:
        return True
    return time_of(finished) + _KUBELET_NOTICES >= time_of(unready_since)


def _ends_again_and_again(status: dict[str, Any], ended: dict[str, Any]) -> bool:
    if status.get("state", {}).get("waiting", {}).get("reason") == "CrashLoopBackOff":
        return True
    started, finished = ended.get("startedAt"), ended.get("finishedAt")
    lasted = time_of(finished) - time_of(started) if started and finished else timedelta()
    ends = status.get("restartCount", 0) + ("terminated" in status.get("state", {}))
    return bool(ends > 1 and lasted < _SETTLED)


def _end(name: str, ended: dict[str, Any], *, again: bool) -> Iterator[Problem]:
    message = ended.get("message", "").strip()
    if message.startswith(_LOAD_FAILED):  # it will do so again
        yield Problem(Reason.FUNCTION_LOAD_FAILED, message.removeprefix(_LOAD_FAILED))
    elif again:
        yield _crash(name, ended, message)


def _crash(name: str, ended: dict[str, Any], message: str) -> Problem:
    if ended.get("reason") == "OOMKilled":
        return Problem(Reason.MEMORY_EXCEEDED, f"container {name} was ended for using more memory than its limit")
    words = f"container {name} ended with code {ended.get('exitCode')}"
    # The last words of a log tell more than its first.
    return Problem(Reason.CRASH_LOOP, f"{words}: {message[-_LONGEST_QUOTE:]}" if message else words)


def _informative_first(problem: Problem) -> bool:
    # When one container ends, the other may end for want of it: the bare crash is the less telling of two.
    return problem.reason is Reason.CRASH_LOOP


def _pull_error(message: str) -> str:
    # The kubelet alternates between the error and a back-off that quotes it.
    return message.rpartition("ErrImagePull: ")[2]


def _container_statuses(pod: Pod) -> list[dict[str, Any]]:
    statuses: list[dict[str, Any]] = pod.get("status", {}).get("containerStatuses", [])
    return statuses


def _condition(pod: Pod, kind: str) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = pod.get("status", {}).get("conditions", [])
    return next((one for one in conditions if one["type"] == kind), {})
