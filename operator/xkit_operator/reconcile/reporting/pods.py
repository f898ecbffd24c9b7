"""Why a Pod of a runner is not ready, from what the Pod itself says.

Pure. The messages are quoted without what changes from one look to the next (counters, generated names), so that a
Pod that stays broken in the same way gives the same words and no write.
"""

from collections.abc import Iterator
from typing import Any

from xkit_operator.api.conditions import Reason
from xkit_operator.reconcile.reporting.problem import Problem

Pod = dict[str, Any]

_LOAD_FAILED = "FunctionLoadFailed: "
_LONGEST_QUOTE = 500
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
    problems = [problem for status in _container_statuses(pod) for problem in _container_problems(status)]
    if problems:
        return min(problems, key=_informative_first)
    scheduled = _condition(pod, "PodScheduled")
    if scheduled.get("status") == "False" and scheduled.get("reason") == "Unschedulable":
        return Problem(Reason.UNSCHEDULABLE, scheduled.get("message", ""))
    return None


def _container_problems(status: dict[str, Any]) -> Iterator[Problem]:
    name = status["name"]
    waiting = status.get("state", {}).get("waiting", {})
    if waiting.get("reason") in _PULL_FAILURES:
        yield Problem(
            Reason.IMAGE_PULL_FAILED,
            f"container {name}: {status['image']} cannot be pulled: {_pull_error(waiting.get('message', ''))}",
            image=status["image"],
        )
    ended = status.get("state", {}).get("terminated") or status.get("lastState", {}).get("terminated")
    if not status.get("ready") and ended:
        yield _end(name, ended)


def _end(name: str, ended: dict[str, Any]) -> Problem:
    message = ended.get("message", "").strip()
    if message.startswith(_LOAD_FAILED):
        return Problem(Reason.FUNCTION_LOAD_FAILED, message.removeprefix(_LOAD_FAILED))
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
