from xkit_operator.api.conditions import Reason
from xkit_operator.api.runner import DestinationName, RunnerConfiguration, RunnerLimits, RunnerMapping
from xkit_operator.api.sourcemapping import SourceMapping, SourceMappingStatus
from xkit_operator.reconcile.mappings.selection import Verdict
from xkit_operator.reconcile.reporting.problem import Problem
from xkit_operator.reconcile.sourcemapping import Serving, judged, refused, undecided

NOW = "2026-01-01T00:00:00Z"
FRESH = SourceMappingStatus()
WAIT = Problem(Reason.PENDING, "waits for the Pods")


def mapping(pointer: str = "/id", generation: int = 1) -> SourceMapping:
    spec = {
        "destinationRef": {"name": "crm"},
        "source": {"slug": "hubspot"},
        "inputs": [{"name": "id", "direct": {"pointer": pointer}}],
    }
    return SourceMapping.parse({"metadata": {"name": "a", "generation": generation}, "spec": spec})


def serving(*mappings: SourceMapping, everywhere: bool = True) -> Serving:
    configuration = RunnerConfiguration(
        destination=DestinationName(namespace="team-a", name="crm"),
        inputs=(),
        operations=("upsert",),
        limits=RunnerLimits(timeout_seconds=1, concurrency=1),
        mappings=tuple(RunnerMapping(name=one.metadata.name, spec=one.spec) for one in mappings),
    )
    return Serving(configuration=configuration, everywhere=everywhere)


def good(one: SourceMapping) -> Verdict:
    return Verdict(mapping=one, problem=None)


def summary(status: SourceMappingStatus) -> dict[str, tuple[str, str]]:
    return {one.type: (one.status, one.reason) for one in status.conditions}


READY = {"Accepted": ("True", "Accepted"), "Programmed": ("True", "Programmed"), "Ready": ("True", "Ready")}


def test_it_is_programmed_once_every_pod_runs_with_it() -> None:
    assert summary(judged(FRESH, good(mapping()), serving(mapping()), WAIT, NOW)) == READY


def test_it_waits_while_pods_without_it_still_serve() -> None:
    status = judged(FRESH, good(mapping()), serving(mapping(), everywhere=False), WAIT, NOW)
    assert summary(status)["Programmed"] == ("False", "Pending")
    assert summary(status)["Accepted"] == ("True", "Accepted")


def test_it_stays_programmed_during_a_rollout_between_two_versions_that_both_have_it() -> None:
    before = judged(FRESH, good(mapping()), serving(mapping()), WAIT, NOW)
    assert summary(judged(before, good(mapping()), serving(mapping(), everywhere=False), WAIT, NOW)) == READY


def test_an_edited_one_is_not_programmed_until_the_new_text_is() -> None:
    before = judged(FRESH, good(mapping()), serving(mapping()), WAIT, NOW)
    edited = mapping("/other", generation=2)
    for runner in (serving(mapping()), serving(edited, everywhere=False), None):
        assert summary(judged(before, good(edited), runner, WAIT, NOW))["Ready"] == ("False", "Pending")
    assert summary(judged(before, good(edited), serving(edited), WAIT, NOW)) == READY


def test_one_that_does_not_fit_is_neither_accepted_nor_programmed_and_needs_somebody() -> None:
    problem = Problem(Reason.MAPPING_DOES_NOT_FIT, "input id is required and has no entry")
    status = judged(FRESH, Verdict(mapping=mapping(), problem=problem), serving(), WAIT, NOW)
    bad = ("False", "MappingDoesNotFit")
    stalled = {"Stalled": ("True", "MappingDoesNotFit")}
    assert summary(status) == {"Accepted": bad, "Programmed": bad, "Ready": bad} | stalled


def test_without_a_destination_it_says_so() -> None:
    status = refused(FRESH, 1, Problem(Reason.DESTINATION_NOT_FOUND, "there is no Destination crm"), NOW)
    assert summary(status)["Ready"] == ("False", "DestinationNotFound")


def test_with_a_destination_that_cannot_be_read_nobody_knows() -> None:
    assert summary(undecided(FRESH, 1, NOW))["Accepted"] == ("Unknown", "Pending")
    assert summary(undecided(FRESH, 1, NOW))["Ready"] == ("Unknown", "Pending")


def test_with_a_paused_destination_nothing_more_is_wanted_of_it() -> None:
    paused = Problem(Reason.PAUSED, "its Destination is paused")
    status = summary(judged(FRESH, good(mapping()), None, paused, NOW))
    assert status["Programmed"] == ("False", "Paused")
    assert status["Ready"] == ("True", "Paused")


def test_hints_are_part_of_the_status() -> None:
    verdict = Verdict(mapping=mapping(), problem=None, unmapped=("score",), warnings=("odd",))
    status = judged(FRESH, verdict, None, WAIT, NOW)
    assert (status.unmapped, status.warnings) == (("score",), ("odd",))
