"""Answers as JSON: one object for a record that succeeded, a problem (RFC 9457) for all else.

An element of a batch's answer is the body that the same record would have had alone. The executor's text passes
through as it came wherever nothing in it has to be known.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from msgspec import Struct

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.outcomes.outcome import VERDICTS, Code, Failure, Outcome
from xkit_operator.errors import InvalidFrame

_SUCCEEDED = b'{"outcome":"succeeded"'
_WARNING = b'"warning":'
_MOST_RETRY_AFTER = 86_400  # seconds: what a system called says is passed on within reason


class Reply(Struct, frozen=True, gc=False):
    """The answer to one record or, without an outcome of a record, to a request."""

    status: int
    outcome: Outcome
    body: bytes
    code: str | None = None
    """None when the record succeeded or was skipped."""
    retry_after: int | None = None
    warning: str | None = None
    """Code of what was wrong with the result of a record that succeeded."""


def problem(failure: Failure, *, record_id: str | None = None, errors: Sequence[Mapping[str, Any]] = ()) -> Reply:
    """The answer that tells of `failure`; `errors` are its parts, each with a code and a message."""
    verdict = VERDICTS[failure.code]
    retry_after = None if failure.retry_after is None else ceil(min(max(1, failure.retry_after), _MOST_RETRY_AFTER))
    members = {
        "id": record_id,
        "status": verdict.status,
        "title": HTTPStatus(verdict.status).phrase,
        "outcome": verdict.outcome,
        "code": failure.code,
        "detail": failure.detail,
        "retryable": verdict.retryable,
        "retryAfter": retry_after,
        "targetStatus": failure.target_status,
        "errors": errors or None,
    }
    body = json_text.dump({name: value for name, value in members.items() if value is not None})
    return Reply(verdict.status, verdict.outcome, body, failure.code, retry_after)


def skipped(message: str, *, record_id: str) -> Reply:
    """The answer for a record that nothing was done with, on purpose."""
    body = {"id": record_id, "status": 200, "outcome": Outcome.SKIPPED, "message": message}
    return Reply(200, Outcome.SKIPPED, json_text.dump(body))


def from_executor(payload: bytes, *, record_id: str) -> Reply:
    """The answer that an executor's `result` frame amounts to.

    Raises InvalidFrame when the payload breaks the protocol.
    """
    if payload.startswith(_SUCCEEDED) and _WARNING not in payload:
        return Reply(200, Outcome.SUCCEEDED, _with_id(payload, record_id))
    try:
        result = json_text.parse(payload)
        return _from_result(result, payload, record_id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidFrame(f"a result that breaks the protocol: {type(error).__name__}") from error


def _from_result(result: dict[str, Any], payload: bytes, record_id: str) -> Reply:
    outcome = Outcome(result["outcome"])
    if outcome is Outcome.SUCCEEDED:
        warning = result["warning"]["code"] if "warning" in result else None
        return Reply(200, outcome, _with_id(payload, record_id), warning=warning)
    if outcome is Outcome.SKIPPED:
        return skipped(result["message"], record_id=record_id)
    failure = Failure(Code(result["code"]), result["message"], result.get("retryAfter"), result.get("targetStatus"))
    return problem(failure, record_id=record_id)


def _with_id(payload: bytes, record_id: str) -> bytes:
    return b'{"id":%b,"status":200,%b' % (json_text.dump(record_id), payload[1:])
