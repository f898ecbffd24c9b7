"""There is a next step for whatever a Destination may say."""

import pytest

from xkit_operator import errors
from xkit_operator.api.conditions import Reason
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.inspecting.advice import NEXT, next_step
from xkit_operator.inspecting.facts import NOT_OBSERVED, DestinationFacts, MappingFacts, Verdict

READY = Verdict("True", Reason.READY, "")
OF_OTHER_CONDITIONS = {
    Reason.ACCEPTED, Reason.BUILT, Reason.DEPLOYED, Reason.AVAILABLE, Reason.PROGRAMMED,
    Reason.REBASE_WAITING, Reason.REBASE_STOPPED, Reason.REBASING, Reason.REBASED, Reason.REBASE_FAILED,
    Reason.IMAGES_DELETED, Reason.IMAGES_NOT_DELETED,
}  # fmt: skip


def destination(verdict: Verdict, *mappings: MappingFacts) -> DestinationFacts:
    status = DestinationStatus(url="http://crm.team.svc")
    return DestinationFacts("team", "crm", "2026-11-26T09:00:00Z", False, verdict, status, mappings)


def mapping(verdict: Verdict) -> MappingFacts:
    return MappingFacts("team", "crm-hubspot", "crm", "hubspot", "2026-11-26T09:00:00Z", verdict, (), ())


def test_every_reason_that_ready_may_have_has_a_next_step() -> None:
    assert set(NEXT) == set(Reason) - OF_OTHER_CONDITIONS - {Reason.READY} | {NOT_OBSERVED}


@pytest.mark.parametrize("reason", sorted(NEXT))
def test_a_next_step_is_one_line_that_can_be_typed_where_it_names_a_command(reason: str) -> None:
    said = next_step(destination(Verdict("False", reason, "")))
    assert "{" not in said
    assert "\n" not in said
    assert "kubectl wait" not in said or "destination/crm -n team" in said


def test_an_error_that_the_author_must_act_on_is_not_waited_for() -> None:
    of_the_author = {error.__name__ for error in errors.SpecError.__subclasses__()}
    assert [name for name in of_the_author if NEXT[name].startswith(("wait", "nothing"))] == []


def test_a_mapping_that_needs_somebody_comes_before_the_use_of_what_is_ready() -> None:
    broken = mapping(Verdict("False", Reason.MAPPING_DOES_NOT_FIT, "input id has no entry"))
    assert next_step(destination(READY, mapping(READY), broken)).startswith("crm-hubspot: mend")


def test_what_is_ready_is_to_be_used_and_what_serves_nothing_to_be_given_a_source() -> None:
    assert "http://crm.team.svc" in next_step(destination(READY, mapping(READY)))
    assert "apply a SourceMapping" in next_step(destination(READY))


def test_a_reason_of_a_later_release_leads_to_the_documentation() -> None:
    assert "conditions.md" in next_step(destination(Verdict("False", "QuiteNew", "")))
