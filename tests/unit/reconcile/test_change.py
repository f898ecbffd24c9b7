"""When a change began, by the API server's own record; and what is still waited for after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xkit_operator.api.conditions import ConditionType, Reason, condition, set_condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.reconcile.reporting.change import changed_at, goes_on, still_awaited, waited
from xkit_operator.reconcile.reporting.writing import timestamp

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def entry(manager: str, field: str, seconds: float, **more: Any) -> dict[str, Any]:
    return {"manager": manager, "fieldsV1": {field: {}}, "time": timestamp(at(seconds)), **more}


def obj(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"creationTimestamp": timestamp(BEGIN), "generation": 2, "managedFields": list(entries)}}


STATUS = entry("xkit.dev/operator", "f:status", 50, subresource="status")


def test_a_new_object_changed_when_it_was_made() -> None:
    assert changed_at(obj()) == BEGIN


def test_the_latest_field_of_the_spec_counts_and_no_other_does() -> None:
    entries = [entry("kubectl", "f:spec", 10), entry("argocd", "f:metadata", 90), STATUS]
    assert changed_at(obj(*entries, entry("kubectl", "f:spec", 30, subresource="scale"))) == at(30)


def test_a_change_has_waited_since_it_was_made_but_for_what_its_time_leaves_open() -> None:
    assert waited(obj(entry("kubectl", "f:spec", 60), STATUS), at(100)) == 39
    assert waited(obj(entry("kubectl", "f:spec", 100), STATUS), at(100.4)) == 0


def test_a_time_before_the_last_status_is_not_that_of_a_change_that_the_status_does_not_know() -> None:
    assert waited(obj(entry("kubectl", "f:spec", 20), STATUS), at(1000)) == 0


def test_clocks_that_differ_give_no_negative_time() -> None:
    assert waited(obj(entry("kubectl", "f:spec", 60)), at(10)) == 0


@pytest.mark.parametrize(("now", "left"), [(60, 120), (100, 80), (180, 0), (10_000, 0)])
def test_what_a_spec_refers_to_is_waited_for_after_each_change(now: float, left: float) -> None:
    assert still_awaited(obj(entry("kubectl", "f:spec", 60)), at(now)) == left


def status(ready: str, reason: Reason, seconds: float, *more: ConditionType, generation: int = 2) -> DestinationStatus:
    conditions = set_condition((), condition(ConditionType.READY, ready, reason), timestamp(at(seconds)))  # type: ignore[arg-type]
    for kind in more:
        conditions = set_condition(conditions, condition(kind, "True", reason), timestamp(at(seconds)))
    return DestinationStatus(observed_generation=generation, conditions=conditions)


@pytest.mark.parametrize(
    ("before", "since"),
    [
        (status("False", Reason.ROLLING_OUT, 61, ConditionType.RECONCILING), 39),
        (status("False", Reason.PENDING, 5, ConditionType.RECONCILING), 39),
        (status("True", Reason.READY, 70), None),
        (status("False", Reason.CRASH_LOOP, 61, ConditionType.STALLED), None),
        (status("False", Reason.PENDING, 80, ConditionType.RECONCILING), None),
        (status("False", Reason.ROLLING_OUT, 61, ConditionType.RECONCILING, generation=1), None),
        (DestinationStatus(), None),
    ],
    ids=["rolling out", "never ready", "ready", "stalled", "ready since and fallen back", "another change", "new"],
)
def test_a_new_process_knows_what_is_on_its_way(before: DestinationStatus, since: float | None) -> None:
    assert goes_on(obj(entry("kubectl", "f:spec", 60)), before, at(100)) == since
