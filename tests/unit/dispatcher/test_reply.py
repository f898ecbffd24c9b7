"""Answers: the table of codes, problems as RFC 9457 has them, results that pass through as they came."""

import json
from typing import Any

import pytest

from xkit_operator.dispatcher.outcomes.outcome import VERDICTS, Code, Failure, Outcome
from xkit_operator.dispatcher.outcomes.reply import from_executor, problem
from xkit_operator.errors import InvalidFrame


def test_every_code_has_its_row() -> None:
    assert set(VERDICTS) == set(Code)


@pytest.mark.parametrize("code", [code for code in Code if VERDICTS[code].outcome is Outcome.UNAVAILABLE])
def test_what_is_503_may_be_tried_again(code: Code) -> None:
    assert (VERDICTS[code].status, VERDICTS[code].retryable) == (503, True)


def test_a_problem_has_the_members_of_rfc_9457_and_ours() -> None:
    failure = Failure(Code.TARGET_FAILED, "Too Many Requests", retry_after=29.2, target_status=429)
    reply = problem(failure, record_id="r1")
    assert json.loads(reply.body) == {
        "id": "r1",
        "status": 500,
        "title": "Internal Server Error",
        "outcome": "failed",
        "code": "TargetFailed",
        "detail": "Too Many Requests",
        "retryable": True,
        "retryAfter": 30,
        "targetStatus": 429,
    }
    assert (reply.status, reply.retry_after) == (500, 30)


def test_a_result_passes_through_as_it_came() -> None:
    reply = from_executor(
        b'{"outcome":"succeeded","result":{"n":1.0,"big":12345678901234567890}}', record_id='a"\ud83d'
    )
    assert reply.body == (
        b'{"id":"a\\"\\ud83d","status":200,"outcome":"succeeded","result":{"n":1.0,"big":12345678901234567890}}'
    )
    assert (reply.status, reply.outcome, reply.code, reply.warning) == (200, Outcome.SUCCEEDED, None, None)


def test_a_warning_is_found_and_a_result_that_looks_like_one_is_none() -> None:
    warned = b'{"outcome":"succeeded","result":null,"warning":{"code":"ResultTooLarge","message":"m"}}'
    assert from_executor(warned, record_id="1").warning == "ResultTooLarge"
    alike = b'{"outcome":"succeeded","result":{"warning":"none"}}'
    assert from_executor(alike, record_id="1").warning is None


@pytest.mark.parametrize(
    ("result", "status", "outcome"),
    [
        ({"outcome": "skipped", "message": "not for us"}, 200, "skipped"),
        ({"outcome": "rejected", "code": "ValidationError", "message": "m"}, 422, "rejected"),
        ({"outcome": "rejected", "code": "TargetRefused", "message": "m", "targetStatus": 404}, 422, "rejected"),
        ({"outcome": "failed", "code": "RetryError", "message": "m", "retryAfter": 3}, 500, "failed"),
        ({"outcome": "failed", "code": "RetryError", "message": "m", "retryAfter": 10**400}, 500, "failed"),
    ],
)
def test_what_an_executor_says_has_its_status(result: dict[str, Any], status: int, outcome: str) -> None:
    reply = from_executor(json.dumps(result, separators=(",", ":")).encode(), record_id="1")
    body = json.loads(reply.body)
    assert (reply.status, body["status"], body["outcome"], body["id"]) == (status, status, outcome, "1")
    assert body.get("code") == result.get("code")


@pytest.mark.parametrize(
    "payload", [b"", b"null", b"[]", b'{"outcome":"great"}', b'{"outcome":"failed","code":"Odd","message":"m"}', b"{"]
)
def test_a_result_that_breaks_the_protocol_is_an_invalid_frame(payload: bytes) -> None:
    with pytest.raises(InvalidFrame):
        from_executor(payload, record_id="1")
