"""Whether what came back is what the contract promises: valid HTTP, and answers of the table of codes alone."""

import json
from collections import Counter
from typing import Any

from tests.fuzz.answers import Answer
from tests.fuzz.case import Case
from tests.fuzz.sender import Exchange
from xkit_operator.dispatcher.outcomes.outcome import VERDICTS, Code

_BLIND = (400, 503)
"""Answers that may come before the method is known, and then have a body for HEAD, too."""
MOST_DETAIL = 20_000  # characters
_GOOD = {"succeeded", "skipped", "mapped"}


class Fault(AssertionError):
    """The runner did what it must not do."""


def judge(case: Case, exchange: Exchange, codes: Counter[str]) -> None:
    """Raises Fault; counts the answers by code."""
    if exchange.how_it_ended == "reset by the sender":
        return
    _expect(exchange.how_it_ended != "never", "neither answered nor closed in time")
    _expect(exchange.how_it_ended != "reset by the server" or exchange.answers, "reset before it was answered")
    if case.method != "HEAD" or exchange.answers[0].status not in _BLIND:
        _expect(not exchange.rest, f"more than whole answers: {exchange.rest[:200]!r}")
    count = len(exchange.answers)
    if not exchange.answers or not _is_last(exchange.answers[-1]):  # what broke a request ends its connection
        _expect(case.least <= count, f"{count} answers; at least {case.least} were due")
    _expect(count <= case.most, f"{count} answers; at most {case.most} were due")
    _expect(not any(map(_is_last, exchange.answers[:-1])), "an answer behind the one that was to be the last")
    for answer in exchange.answers:
        _judge_answer(answer, codes, has_body=case.method != "HEAD")


def judge_body(answer: Any, codes: Counter[str], *, status: int) -> None:
    """Judge what one record, or a request as a whole, was answered."""
    _expect(isinstance(answer, dict) and answer.get("status") == status, f"not the answer with status {status}", answer)
    if status == 200:
        _expect(answer.get("outcome") in _GOOD and answer.get("id"), "no answer of a record", answer)
        codes[answer["outcome"]] += 1
        return
    code = answer.get("code")
    _expect(code in VERDICTS, "unknown code", answer)
    verdict = VERDICTS[Code(code)]
    told = (status, answer.get("outcome"), answer.get("retryable"))
    _expect(told == (verdict.status, verdict.outcome, verdict.retryable), "not as in the table", answer)
    _expect(code != Code.INTERNAL_ERROR, "the runner's own fault", answer)
    _expect(0 < len(answer.get("detail", "")) <= MOST_DETAIL and answer.get("title"), "no clear detail", answer)
    codes[code] += 1


def _judge_answer(answer: Answer, codes: Counter[str], *, has_body: bool) -> None:
    media_type = answer.headers["content-type"]
    good = ("application/json", "application/x-ndjson")
    _expect(
        media_type in (good if answer.status == 200 else ("application/problem+json",)),
        f"{answer.status} as {media_type}",
    )
    if not has_body:
        _expect(not answer.body or answer.status in _BLIND, "a body in an answer to HEAD")
        return
    if media_type == "application/x-ndjson":
        for line in answer.body.splitlines():
            _judge_element(json.loads(line), codes)
        return
    value = json.loads(answer.body)
    if answer.status == 200 and isinstance(value, list):
        for element in value:
            _judge_element(element, codes)
    else:
        judge_body(value, codes, status=answer.status)


def _judge_element(element: Any, codes: Counter[str]) -> None:
    judge_body(element, codes, status=element.get("status", 0))


def _is_last(answer: Answer) -> bool:
    return bool(answer.headers["connection"] == "close")


def _expect(holds: object, what: str, answer: Any = "") -> None:
    if not holds:
        raise Fault(f"{what} {answer!r:.300}")
