"""Whether a case came to what it expects. Pure: what happened in, every difference out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xkit_operator.golden.calls import Call
from xkit_operator.golden.case import Case, Request
from xkit_operator.golden.compare import Difference, compare, text

_FINE = ("succeeded", "skipped")


@dataclass(frozen=True)
class Happened:
    """What came of one case."""

    inputs: dict[str, Any] | None
    """None when the record could not be mapped."""
    answer: dict[str, Any]
    calls: tuple[Call, ...]
    console: tuple[str, ...]
    seconds: float


def differences(case: Case, happened: Happened) -> list[Difference]:
    """What differs from the expectation of `case`; nothing: it has passed."""
    return [
        *_inputs(case, happened),
        *_requests(case.expect.requests, happened.calls),
        *_answer(case, happened.answer),
    ]


def _inputs(case: Case, happened: Happened) -> Iterator[Difference]:
    if case.expect.inputs is not None:
        yield from compare("inputs", case.expect.inputs, happened.inputs, exactly=True)


def _requests(expected: Sequence[Request], calls: Sequence[Call]) -> Iterator[Difference]:
    sent = {call.index: call for call in calls if call.index is not None}
    for index, request in enumerate(expected):
        place = f"requests[{index}]"
        if index not in sent:
            yield Difference(place, f"{request.method.upper()} {request.url}", "not sent")
            continue
        headers = {name.lower(): value for name, value in request.headers.items()}
        yield from compare(f"{place}.headers", headers, sent[index].headers)
        if request.tells_body:
            yield from compare(f"{place}.body", request.body, sent[index].body)
    for call in calls:
        if call.index is None:
            body = "" if call.body is None else f" with the body {text(call.body)}"
            yield Difference("requests", "no such request", f"{call.method} {call.url}{body}")


def _answer(case: Case, answer: dict[str, Any]) -> Iterator[Difference]:
    expect = case.expect
    wanted = expect.outcome or (answer["outcome"] if expect.error is not None else "succeeded")
    yield from compare("outcome", wanted, answer["outcome"])
    if answer["outcome"] != wanted and answer["outcome"] not in _FINE:
        told = {name: answer[name] for name in ("code", "detail", "errors") if name in answer}
        yield Difference("error", "none", text(told))
    if expect.tells_result:
        yield from compare("result", expect.result, answer.get("result"))
    if expect.error is not None:
        yield from compare("error", expect.error, answer)
