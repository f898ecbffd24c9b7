"""`xkit status`: what is there, what is wrong with it, and what to do next."""

import json

import pytest

from tests.cli.cluster.api_server import ApiServer
from tests.cli.cluster.conftest import Ask
from tests.cli.cluster.objects import destination, mapping, pod, warning

BROKEN = {"ready": "False", "reason": "FunctionSyntaxError", "message": "functions.upsert: line 2, column 13"}


def test_a_destination_is_shown_with_its_mappings_aligned(api: ApiServer, ask: Ask) -> None:
    api.objects["destinations"] = [destination(), destination("orders-of-customers")]
    api.objects["sourcemappings"] = [mapping()]
    done = ask("status")
    assert done.exit_code == 0
    heading, first, second, _, _, third = done.stdout.splitlines()
    assert first.split()[:5] == ["crm", "True", "Ready", "hubspot", "1/1"]
    assert third.split()[:5] == ["crm-hubspot", "crm", "hubspot/contact", "True", "Ready"]
    assert {line.index("True") for line in (first, second)} == {heading.index("READY")}


def test_what_is_not_ready_is_told_with_the_next_step_and_the_exit_code_stays_0(api: ApiServer, ask: Ask) -> None:
    api.objects["destinations"] = [destination(**BROKEN)]
    api.objects["sourcemappings"] = [
        mapping(ready="False", reason="MappingDoesNotFit", message="input id is required and has no entry")
    ]
    done = ask("status")
    assert done.exit_code == 0
    assert "team/crm: FunctionSyntaxError\n  functions.upsert: line 2, column 13\n  next: mend" in done.stdout
    assert "team/crm-hubspot: MappingDoesNotFit\n  input id is required and has no entry\n  next: mend" in done.stdout


def test_a_verdict_on_the_spec_before_the_last_edit_is_none(api: ApiServer, ask: Ask) -> None:
    api.objects["destinations"] = [destination(observed=0)]
    assert "Unknown  NotObserved" in ask("status").stdout


def test_a_mapping_whose_destination_is_missing_is_shown_too(api: ApiServer, ask: Ask) -> None:
    api.objects["sourcemappings"] = [mapping(ready="False", reason="DestinationNotFound", message="there is no crm")]
    done = ask("status")
    assert "crm-hubspot  crm" in done.stdout
    assert "next: make what is missing" in done.stdout


def test_one_destination_has_conditions_pods_and_the_warnings_about_it(api: ApiServer, ask: Ask) -> None:
    api.objects["destinations"] = [destination()]
    api.objects["sourcemappings"] = [mapping()]
    api.objects["pods"] = [pod()]
    api.objects["events"] = [
        warning("Pod", "crm-7d9f-abcde", "the probe failed"), warning("Pod", "other-7d9f-abcde", "not ours"),
    ]  # fmt: skip
    shown = ask("status", "crm").stdout
    for text in (
        "registry.example.com/crm@sha256:1",
        "Accepted",
        "crm-7d9f-abcde  2/2",
        "the probe failed",
        "next: send",
    ):
        assert text in shown
    assert "not ours" not in shown


def test_pods_and_events_that_may_not_be_seen_leave_the_rest(api: ApiServer, ask: Ask) -> None:
    api.objects["destinations"] = [destination()]
    api.refused = {"/pods": (403, "pods is forbidden"), "/events": (403, "events is forbidden")}
    done = ask("status", "crm")
    assert done.exit_code == 0
    assert "1/1 (you may not see them)" in done.stdout


def test_json_has_the_same_facts(api: ApiServer, ask: Ask) -> None:
    api.objects["destinations"] = [destination(**BROKEN)]
    api.objects["sourcemappings"] = [mapping(), mapping("stray", of="nothing")]
    found = json.loads(ask("status", "-o", "json").stdout)
    (crm,) = found["destinations"]
    assert (crm["ready"], crm["reason"], crm["message"]) == tuple(BROKEN.values())
    assert [one["name"] for one in crm["mappings"]] == ["crm-hubspot"]
    assert [one["name"] for one in found["withoutDestination"]] == ["stray"]
    assert crm["next"].startswith("mend")


def test_all_namespaces_are_named_where_all_are_asked_for(api: ApiServer, ask: Ask) -> None:
    api.objects["destinations"] = [destination(), destination("crm", namespace="other")]
    shown = ask("status", "-A").stdout
    assert shown.startswith("NAMESPACE")
    assert {line.split()[0] for line in shown.splitlines()[1:]} == {"team", "other"}


def test_a_namespace_without_any_says_where_to_look(ask: Ask) -> None:
    done = ask("status")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "no Destinations in namespace team; -A looks at all of them\n"


@pytest.mark.parametrize("name", ["destination/crm", "dest/crm", "destinations.xkit.dev/crm"])
def test_a_name_may_be_written_as_kubectl_writes_it(api: ApiServer, ask: Ask, name: str) -> None:
    api.objects["destinations"] = [destination()]
    assert ask("status", name).exit_code == 0


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("crn", "Did you mean crm?"),
        ("orders", "there is one in other: say --namespace other"),
        ("crm-hubspot", "that is a SourceMapping, for crm"),
        ("quite-another-thing", "it has crm"),
    ],
)
def test_a_name_that_is_none_is_answered_with_what_may_be_meant(api: ApiServer, ask: Ask, name: str, hint: str) -> None:
    api.objects["destinations"] = [destination(), destination("orders", namespace="other")]
    api.objects["sourcemappings"] = [mapping()]
    done = ask("status", name)
    assert done.exit_code == 1
    assert f"there is no Destination {name} in namespace team" in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize(
    "arguments", [["crm", "-A"], ["-A", "-n", "team"], ["no_name"], ["-n", ""], ["../pods"]], ids=str
)
def test_what_cannot_be_meant_is_wrong_usage(ask: Ask, arguments: list[str]) -> None:
    done = ask("status", *arguments)
    assert done.exit_code == 2
    assert "Usage: xkit status" in done.stderr
