"""When the story takes an object as Ready, and what it tells while it is not."""

from typing import Any

from dev.up import readiness


def destination(*conditions: dict[str, Any], observed: int = 2) -> dict[str, Any]:
    return {
        "kind": "Destination",
        "metadata": {"name": "crm", "generation": 2},
        "status": {"observedGeneration": observed, "conditions": list(conditions)},
    }


def condition(kind: str, status: str, reason: str = "Why", message: str = "because") -> dict[str, Any]:
    return {"type": kind, "status": status, "reason": reason, "message": message}


def test_ready_true_about_the_present_spec_is_ready() -> None:
    assert readiness.is_ready(destination(condition("Ready", "True")))


def test_ready_true_about_an_older_spec_is_not() -> None:
    stale = destination(condition("Ready", "True"), observed=1)
    assert not readiness.is_ready(stale)
    assert "not looked at yet" in readiness.says(stale)


def test_an_object_without_a_status_is_not_ready() -> None:
    fresh = {"kind": "Destination", "metadata": {"name": "crm", "generation": 1}}
    assert not readiness.is_ready(fresh)
    assert readiness.stalled([fresh]) == []


def test_what_is_not_ready_says_why() -> None:
    line = readiness.says(destination(condition("Built", "True"), condition("Ready", "False", "CrashLoop", "it ends")))
    assert "Built=True" in line
    assert "CrashLoop: it ends" in line


def test_stalled_means_that_somebody_must_act() -> None:
    waiting = destination(condition("Ready", "False"), condition("Stalled", "False"))
    stuck = destination(condition("Ready", "False", "UnknownRuntime"), condition("Stalled", "True"))
    assert readiness.stalled([waiting]) == []
    assert len(readiness.stalled([waiting, stuck])) == 1
