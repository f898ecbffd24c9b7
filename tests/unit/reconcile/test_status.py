from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.api.conditions import Reason
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.reconcile.provisioning.provision import rebase_goes_on
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.reporting.status import Observation, destination_status

NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z"
FRESH = DestinationStatus()


def live(*, wanted: int = 1, ready: int = 1) -> dict[str, Any]:
    """A Deployment whose Pods are all of its version, `ready` of them ready."""
    counts = {"replicas": wanted, "updatedReplicas": wanted, "availableReplicas": ready, "readyReplicas": ready}
    return {
        "metadata": {"generation": 1},
        "spec": {"replicas": wanted},
        "status": {"observedGeneration": 1} | counts,
    }


def seen(**facts: Any) -> Observation:
    base: dict[str, Any] = {
        "generation": 1,
        "deployment": live(),
        "image": "i@sha256:1",
        "source_hash": "h",
        "url": "http://crm.team-a.svc",
        "selector": "xkit.dev/destination=crm",
        "sources": ["salesforce", "hubspot", "hubspot"],
    }
    return Observation(**(base | facts))


def summary(status: DestinationStatus) -> dict[str, tuple[str, str]]:
    return {one.type: (one.status, one.reason) for one in status.conditions}


SYNTAX = Problem(Reason.FUNCTION_SYNTAX_ERROR, "functions.upsert: line 3, column 7: Unexpected token")
REGISTRY = Problem(Reason.REGISTRY_UNREACHABLE, "registry:5000 does not answer")
CONFLICT = Problem(Reason.CONFLICT, "Service team-a/crm exists")
SECRET = Problem(Reason.SECRET_NOT_FOUND, "Secret crm-api")


def test_all_is_well() -> None:
    status = destination_status(FRESH, seen(), NOW)
    assert summary(status) == {
        "Accepted": ("True", "Accepted"),
        "Built": ("True", "Built"),
        "Deployed": ("True", "Deployed"),
        "Available": ("True", "Available"),
        "Ready": ("True", "Ready"),
    }
    assert (status.sources, status.replicas, status.ready_replicas) == ("hubspot, salesforce", 1, 1)


@pytest.mark.parametrize(
    ("facts", "ready", "available", "abnormal"),
    [
        ({"accepted": SYNTAX}, "FunctionSyntaxError", "True", "Stalled"),
        ({"accepted": SYNTAX, "deployment": None}, "FunctionSyntaxError", "False", "Stalled"),
        ({"built": REGISTRY}, "RegistryUnreachable", "True", "Reconciling"),
        ({"applied": CONFLICT, "deployment": None}, "Conflict", "False", "Stalled"),
        ({"deployment": live(ready=0), "trouble": SECRET}, "SecretNotFound", "False", "Stalled"),
        ({"deployment": live(ready=0)}, "RollingOut", "False", "Reconciling"),
        ({"deployment": live(wanted=3, ready=2)}, "RollingOut", "True", "Reconciling"),
        ({"deployment": live(wanted=3, ready=2), "trouble": SECRET}, "SecretNotFound", "True", "Stalled"),
    ],
)
def test_ready_names_the_first_thing_that_is_missing(
    facts: dict[str, Any], ready: str, available: str, abnormal: str
) -> None:
    found = summary(destination_status(FRESH, seen(**facts), NOW))
    assert found["Ready"] == ("False", ready)
    assert found["Available"][0] == available
    assert {"Stalled", "Reconciling"} & found.keys() == {abnormal}


WAITING = Problem(Reason.REBASE_WAITING, "its image stands on nodejs14@sha256:1")
FAILED = Problem(Reason.REBASE_FAILED, "it does not come up on nodejs14@sha256:2")


@pytest.mark.parametrize("reason", [Reason.REBASE_WAITING, Reason.REBASE_STOPPED, Reason.REBASING])
def test_one_that_waits_for_another_runtime_is_ready_and_built_says_what_for(reason: Reason) -> None:
    found = summary(destination_status(FRESH, seen(rebase=Problem(reason, "")), NOW))
    assert found["Built"] == ("True", reason)
    assert found["Ready"] == ("True", "Ready")
    assert not {"Stalled", "Reconciling"} & found.keys()


def test_one_that_does_not_come_up_on_another_runtime_is_built_and_has_the_reason_of_its_pods() -> None:
    found = summary(destination_status(FRESH, seen(deployment=live(ready=0), trouble=SECRET, rebase=FAILED), NOW))
    assert found["Built"] == ("True", "RebaseFailed")
    assert found["Ready"] == ("False", "SecretNotFound")


@pytest.mark.parametrize("step", ["accepted", "built"])
def test_what_keeps_an_image_from_being_built_is_said_before_its_runtime(step: str) -> None:
    found = summary(destination_status(FRESH, seen(**{step: SYNTAX}, rebase=WAITING), NOW))
    assert found["Built"][0] == "False"


def on_its_way(reason: Reason) -> DestinationStatus:
    return destination_status(FRESH, seen(runtime="nodejs14@sha256:2", rebase=Problem(reason, "m")), NOW)


@pytest.mark.parametrize(
    ("before", "trouble", "after"),
    [
        (Reason.REBASING, None, Reason.REBASING),
        (Reason.REBASING, SECRET, Reason.REBASE_FAILED),
        (Reason.REBASE_FAILED, SECRET, Reason.REBASE_FAILED),
        (Reason.REBASE_FAILED, None, Reason.REBASE_FAILED),
        (Reason.BUILT, SECRET, None),
        (Reason.REBASE_WAITING, SECRET, None),
    ],
)
def test_a_rebase_that_has_failed_stays_so_until_the_pods_are_up(
    before: Reason, trouble: Problem | None, after: Reason | None
) -> None:
    found = rebase_goes_on(on_its_way(before), "h", trouble)
    assert (found.reason if found else None) == after


def test_a_failed_rebase_ends_with_other_functions() -> None:
    assert rebase_goes_on(on_its_way(Reason.REBASE_FAILED), "other", SECRET) is None


def test_a_broken_spec_says_that_the_version_before_serves() -> None:
    status = destination_status(FRESH, seen(accepted=SYNTAX), NOW)
    messages = {one.type: one.message for one in status.conditions}
    assert "line 3, column 7" in messages["Ready"]
    assert "goes on serving" in messages["Deployed"]


def test_what_was_abnormal_disappears_when_it_is_over() -> None:
    broken = destination_status(FRESH, seen(accepted=SYNTAX), NOW)
    mended = destination_status(broken, seen(generation=2), LATER)
    assert "Stalled" not in summary(mended)
    assert mended.observed_generation == 2


def test_times_move_only_with_the_status_of_a_condition() -> None:
    rolling = destination_status(FRESH, seen(deployment=live(ready=0)), NOW)
    stuck = destination_status(rolling, seen(deployment=live(ready=0), trouble=SECRET), LATER)
    times = {one.type: one.last_transition_time for one in stuck.conditions}
    assert times["Ready"] == NOW
    assert times["Stalled"] == LATER


def deployed(**facts: Any) -> DestinationStatus:
    """The status after one that was rolled out with one Pod."""
    return destination_status(destination_status(FRESH, seen(), NOW), seen(**facts), LATER)


def unobserved(wanted: int) -> dict[str, Any]:
    found = live()
    return found | {"metadata": {"generation": 2}, "spec": {"replicas": wanted}}


MORE_WANTED = [unobserved(3), live(wanted=3, ready=1), live(wanted=3, ready=2)]


@pytest.mark.parametrize("deployment", MORE_WANTED)
def test_it_stays_ready_while_others_than_its_spec_change_the_number_of_pods(deployment: dict[str, Any]) -> None:
    assert summary(deployed(deployment=deployment))["Ready"] == ("True", "Ready")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"generation": 2}, "RollingOut"),
        ({"rewritten": True}, "RollingOut"),
        ({"trouble": Problem(Reason.IMAGE_PULL_FAILED, "")}, "ImagePullFailed"),
    ],
    ids=["an edit", "another version", "trouble"],
)
@pytest.mark.parametrize("deployment", MORE_WANTED)
def test_it_does_not_stay_ready_with_anything_else(
    deployment: dict[str, Any], facts: dict[str, Any], reason: str
) -> None:
    assert summary(deployed(deployment=deployment, **facts))["Ready"] == ("False", reason)


def test_it_does_not_stay_ready_with_pods_of_two_versions_nor_without_any() -> None:
    mixed = live(wanted=2, ready=2)
    mixed["status"] |= {"updatedReplicas": 1}
    assert summary(deployed(deployment=mixed))["Ready"] == ("False", "RollingOut")
    assert summary(deployed(deployment=live(ready=0)))["Ready"] == ("False", "Pending")


@pytest.mark.parametrize(("facts", "kind"), [({"awaited": True}, "Reconciling"), ({}, "Stalled")])
def test_what_a_spec_refers_to_may_come_yet_for_a_while(facts: dict[str, Any], kind: str) -> None:
    said = summary(destination_status(FRESH, seen(accepted=SECRET, **facts), NOW))
    assert said["Ready"] == ("False", "SecretNotFound")
    assert {"Reconciling", "Stalled"} & said.keys() == {kind}


def test_conditions_of_others_are_left_alone() -> None:
    foreign = {"type": "Audited", "status": "True", "reason": "Done", "message": "", "lastTransitionTime": NOW}
    before = DestinationStatus.model_validate({"conditions": [foreign]})
    assert "Audited" in summary(destination_status(before, seen(), LATER))


problems = st.none() | st.builds(Problem, st.sampled_from(Reason), st.text(max_size=20))
deployments = st.none() | st.builds(live, wanted=st.integers(0, 3), ready=st.integers(0, 3))


@given(
    problem=problems, step=st.sampled_from(["accepted", "built", "applied"]), trouble=problems, deployment=deployments
)
def test_the_same_facts_give_the_same_status_whenever_they_are_seen_again(
    problem: Problem | None, step: str, trouble: Problem | None, deployment: dict[str, Any] | None
) -> None:
    facts = seen(**{step: problem, "trouble": trouble, "deployment": deployment})
    first = destination_status(FRESH, facts, NOW)
    assert destination_status(first, facts, LATER) == first
    kinds = {one.type for one in first.conditions}
    assert not {"Stalled", "Reconciling"} <= kinds
    assert {"Accepted", "Built", "Deployed", "Available", "Ready"} <= kinds


def test_the_images_that_were_used_are_remembered_the_newest_first() -> None:
    status = FRESH
    for image in ("i@sha256:1", "i@sha256:2", None, "elsewhere/i@sha256:1"):
        status = destination_status(status, seen(image=image), NOW)
    assert status.image_history == ("sha256:1", "sha256:2")
    assert destination_status(FRESH, seen(image=None), NOW).image_history is None


def test_what_is_paused_serves_on_and_says_so() -> None:
    status = destination_status(FRESH, seen(paused=True), NOW)
    said = summary(status)
    assert said["Built"] == said["Deployed"] == ("True", "Paused")
    assert said["Ready"] == ("True", "Paused")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"deployment": live(wanted=0, ready=0)}, "ScaledToZero"),
        ({"paused": True, "deployment": None}, "Paused"),
        ({"paused": True, "deployment": live(wanted=0, ready=0)}, "Paused"),
    ],
)
def test_what_has_no_pod_because_the_spec_says_so_is_ready_and_not_available(
    facts: dict[str, Any], reason: str
) -> None:
    said = summary(destination_status(FRESH, seen(**facts), NOW))
    assert said["Ready"] == ("True", reason)
    assert said["Available"][0] == "False"
    assert not {"Reconciling", "Stalled"} & said.keys()


def test_what_is_scaled_to_zero_and_cannot_be_built_is_not_ready() -> None:
    said = summary(destination_status(FRESH, seen(built=REGISTRY, deployment=live(wanted=0, ready=0)), NOW))
    assert said["Ready"] == ("False", "RegistryUnreachable")


def test_a_pause_hides_no_trouble_of_what_runs() -> None:
    facts = seen(paused=True, deployment=live(ready=0), trouble=SECRET)
    assert summary(destination_status(FRESH, facts, NOW))["Ready"] == ("False", "SecretNotFound")
