"""Records as a sync engine sends them, and what arrives on the other side."""

from tests.e2e.product import Crm, sample


def test_an_upsert_arrives_as_the_call_that_the_function_makes(crm: Crm) -> None:
    answer = crm.send(sample("2-salesforce-upsert"))
    assert (answer.status, answer.body["outcome"], answer.body["result"]) == (200, "succeeded", {"status": 200})
    (call,) = crm.calls(least=1)
    assert (call["method"], call["path"]) == ("PUT", "/contacts/salesforce/0035e00000AbCdE")
    assert call["body"]["score"] == 42
    assert call["body"]["optedOut"] is True
    assert call["body"]["address"]["city"] == "Arlington"
    assert call["body"]["updatedAt"] == "2021-09-14T10:20:30.000Z"


def test_wrong_types_and_missing_inputs_are_all_named_and_the_function_is_not_called(crm: Crm) -> None:
    answer = crm.send(sample("rejected"))
    assert answer.status == 422
    assert answer.body["retryable"] is False
    assert {(error["input"], error["code"]) for error in answer.body["errors"]} == {
        ("id", "RequiredInputMissing"),
        ("score", "NotCoercible"),
        ("optedOut", "NotCoercible"),
        ("updatedAt", "NotADate"),
    }
    assert crm.calls() == []


def test_one_bad_record_of_a_batch_does_not_fail_its_neighbours(crm: Crm) -> None:
    answer = crm.send(sample("1-hubspot-upsert"), sample("rejected"), sample("3-hubspot-delete"), many=True)
    assert answer.status == 200
    assert [one["outcome"] for one in answer.body] == ["succeeded", "rejected", "succeeded"]
    assert sorted(call["method"] for call in crm.calls(least=2)) == ["DELETE", "PUT"]


def test_a_record_of_a_source_without_mapping_is_rejected_by_name(crm: Crm) -> None:
    answer = crm.send(sample("1-hubspot-upsert") | {"source": {"slug": "pipedrive"}})
    assert answer.status == 422
    assert "pipedrive" in str(answer.body)
