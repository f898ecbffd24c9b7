from typing import Any

import pytest

from xkit_operator.reconcile.reporting.pods import pod_problem, waits_for_volumes


def pod(*containers: dict[str, Any], conditions: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"status": {"containerStatuses": list(containers), "conditions": list(conditions)}}


def waiting(name: str, reason: str, message: str = "", **last: Any) -> dict[str, Any]:
    state = {"waiting": {"reason": reason, "message": message}}
    return {"name": name, "image": "r/i@sha256:1", "ready": False, "state": state, "lastState": last}


def ended(code: int, message: str = "", reason: str = "Error") -> dict[str, Any]:
    return {"exitCode": code, "message": message, "reason": reason}


BACK_OFF = 'Back-off pulling image "r/i": ErrImagePull: rpc error: not found'
RUNNING = {"name": "dispatcher", "image": "d", "ready": True, "state": {"running": {}}, "lastState": {}}
UNSCHEDULABLE = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}


@pytest.mark.parametrize(
    ("found", "reason", "words"),
    [
        (pod(RUNNING, waiting("function", "ErrImagePull", "rpc error: not found")), "ImagePullFailed", "r/i@sha256:1"),
        (pod(RUNNING, waiting("function", "ImagePullBackOff", BACK_OFF)), "ImagePullFailed", "not found"),
        (
            pod(waiting("function", "CrashLoopBackOff", terminated=ended(65, "FunctionLoadFailed: upsert: boom\n"))),
            "FunctionLoadFailed",
            "upsert: boom",
        ),
        (
            pod(waiting("function", "CrashLoopBackOff", terminated=ended(137, reason="OOMKilled"))),
            "MemoryExceeded",
            "function",
        ),
        (
            pod(waiting("dispatcher", "CrashLoopBackOff", terminated=ended(1, "Traceback: no"))),
            "CrashLoop",
            "dispatcher ended with code 1: Traceback: no",
        ),
        (pod(conditions=(UNSCHEDULABLE,)), "Unschedulable", "0/1 nodes"),
    ],
)
def test_each_trouble_has_its_reason_and_the_pods_own_words(found: dict[str, Any], reason: str, words: str) -> None:
    problem = pod_problem(found)
    assert problem is not None
    assert problem.reason == reason
    assert words in problem.message


def test_the_telling_cause_comes_before_the_crash_that_it_causes() -> None:
    crash = waiting("dispatcher", "CrashLoopBackOff", terminated=ended(1))
    load = waiting("function", "CrashLoopBackOff", terminated=ended(65, "FunctionLoadFailed: upsert: boom"))
    problem = pod_problem(pod(crash, load))
    assert problem is not None
    assert problem.reason == "FunctionLoadFailed"


def test_the_words_stay_the_same_while_the_kubelet_alternates() -> None:
    error = waiting("function", "ErrImagePull", "rpc error: not found")
    assert pod_problem(pod(error)) == pod_problem(pod(waiting("function", "ImagePullBackOff", BACK_OFF)))


def test_a_pod_that_starts_has_no_trouble() -> None:
    starting = pod(waiting("dispatcher", "ContainerCreating"), waiting("function", "ContainerCreating"))
    assert pod_problem(starting) is None
    assert waits_for_volumes(starting)
    assert not waits_for_volumes(pod(RUNNING))
    assert not waits_for_volumes(pod())


def unready(since: str, *containers: dict[str, Any]) -> dict[str, Any]:
    return pod(*containers, conditions=({"type": "Ready", "status": "False", "lastTransitionTime": since},))


def running(name: str, restarts: int, **last: Any) -> dict[str, Any]:
    state = {"running": {"startedAt": at(30)}}
    return {"name": name, "image": "i", "ready": True, "state": state, "lastState": last, "restartCount": restarts}


def at(second: int) -> str:
    return f"2026-01-01T00:{second // 60:02}:{second % 60:02}Z"


def ran(begin: int, end: int, message: str = "") -> dict[str, Any]:
    return ended(1, message) | {"startedAt": at(begin), "finishedAt": at(end)}


def test_a_container_that_is_tried_once_more_counts_as_before_until_its_pod_is_ready() -> None:
    again = running("function", 2, terminated=ran(20, 21, "boom"))
    problem = pod_problem(unready(at(0), again))
    assert problem == pod_problem(
        unready(at(0), waiting("function", "CrashLoopBackOff", terminated=ran(20, 21, "boom")))
    )
    assert problem is not None


def test_a_function_that_does_not_load_says_so_at_its_first_end() -> None:
    problem = pod_problem(unready(at(0), running("function", 1, terminated=ran(1, 2, "FunctionLoadFailed: boom"))))
    assert problem is not None
    assert problem.reason == "FunctionLoadFailed"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (running("function", 1, terminated=ran(20, 21)), "once is not again"),
        (running("function", 5, terminated=ran(0, 1000)), "it ran for long before"),
        (running("function", 5, terminated=ran(20, 21)), "the Pod was ready since, and is unready for another reason"),
    ],
)
def test_not_every_end_is_a_loop(found: dict[str, Any], why: str) -> None:
    assert pod_problem(unready(at(1000), found)) is None, why


def test_a_long_log_is_quoted_from_its_end() -> None:
    problem = pod_problem(pod(waiting("dispatcher", "CrashLoopBackOff", terminated=ended(1, "x" * 5000 + "cause"))))
    assert problem is not None
    assert problem.message.endswith("cause")
    assert len(problem.message) < 600
