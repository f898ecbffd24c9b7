"""What a dry run answers, beside what would be answered in earnest."""

import json
from typing import Any

from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.dispatcher.dispatching.dry_run import DryRun
from xkit_operator.dispatcher.dispatching.mappings import Mappings
from xkit_operator.dispatcher.intake.records import parse_record

WHERE = {"property": "type", "equals": "work"}
ENTRIES = [
    {"name": "id", "direct": {"pointer": "/id"}},
    {"name": "score", "direct": {"pointer": "/score"}},
    {"name": "email", "find": {"pointer": "/emails", "where": WHERE, "extract": "/address"}},
    {"name": "origin", "static": {"value": "crm"}},
]
CONFIGURATION = RunnerConfiguration.model_validate(
    {
        "destination": {"namespace": "team-a", "name": "crm"},
        "inputs": [
            {"name": "id", "type": "integer"},
            {"name": "score", "type": "integer", "optional": True, "onInvalid": "Null"},
            {"name": "email", "type": "string", "optional": True},
            {"name": "origin", "type": "string"},
        ],
        "deleteInputs": ["id"],
        "operations": ["upsert", "delete"],
        "limits": {"timeoutSeconds": 30.0, "concurrency": 2},
        "mappings": [
            {
                "name": "contacts",
                "spec": {"destinationRef": {"name": "crm"}, "source": {"slug": "hubspot"}, "inputs": ENTRIES},
            }
        ],
    }
)


def dry_run(value: Any, configuration: RunnerConfiguration = CONFIGURATION) -> dict[str, Any]:
    found = parse_record(value)
    reply = DryRun(Mappings(configuration)).reply(found)
    body: dict[str, Any] = json.loads(reply.body)
    assert body["status"] == reply.status
    return body


def record(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"id": "r1", "operation": "upsert", "source": {"slug": "hubspot"}, "record": of, **changes}


def test_a_record_that_maps_is_answered_with_each_input_and_where_it_came_from() -> None:
    emails = [{"type": "home", "address": "h"}, {"type": "work", "address": "w"}]
    body = dry_run(record({"id": "7", "score": 1, "emails": emails}))
    inputs = body.pop("inputs")
    assert body == {"id": "r1", "status": 200, "outcome": "mapped", "mapping": "contacts"}
    assert inputs[0] == {
        "input": "id",
        "type": "integer",
        "transformation": "direct",
        "origin": "Record",
        "value": 7,
        "pointer": "/id",
        "errors": [],
        "nulled": [],
        "seen": None,
    }
    assert [(one["input"], one["value"], one["origin"], one["pointer"]) for one in inputs[1:]] == [
        ("score", 1, "Record", "/score"),
        ("email", "w", "Record", "/emails/1/address"),
        ("origin", "crm", "Static", None),
    ]


def test_every_error_is_told_for_the_record_and_beside_its_input() -> None:
    body = dry_run(record({"id": 1.5, "score": "high", "emails": [{"type": "home"}]}))
    assert (body["status"], body["outcome"], body["code"], body["mapping"]) == (
        422,
        "rejected",
        "MappingFailed",
        "contacts",
    )
    by_name = {one["input"]: one for one in body["inputs"]}
    assert by_name["id"]["errors"] == body["errors"]
    assert [(error["code"], error["pointer"]) for error in body["errors"]] == [("NotCoercible", "/id")]
    assert [error["code"] for error in by_name["score"]["nulled"]] == ["NotCoercible"]
    assert (by_name["score"]["value"], by_name["score"]["errors"]) == (None, [])
    assert by_name["email"]["seen"] == ['"home"']


def test_a_delete_is_explained_by_the_inputs_that_it_needs() -> None:
    assert [one["input"] for one in dry_run(record({"id": 7}, operation="delete"))["inputs"]] == ["id"]


def test_a_record_that_meets_no_mapping_has_the_answer_that_it_would_have_in_earnest() -> None:
    only_delete = CONFIGURATION.model_copy(update={"operations": ("delete",)})
    assert dry_run(record({}), only_delete)["outcome"] == "skipped"
    unmapped = dry_run(record({}, source={"slug": "x"}))
    assert unmapped["code"] == "SourceNotMapped"
    assert unmapped["detail"].startswith("no mapping is served for source x; apply a SourceMapping for it")
    assert [error["pointer"] for error in dry_run(record({}, surprise=1))["errors"]] == ["/surprise"]


def test_a_text_that_was_cut_within_a_character_is_shown_as_it_is() -> None:
    body = dry_run(record({"id": 7, "emails": [{"type": "work", "address": "\ud83d"}]}))
    assert body["inputs"][2]["value"] == "\ud83d"
