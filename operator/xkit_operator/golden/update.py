"""Writes what cases came to into their files as what they expect; all else in the files stays as its author wrote it.

Answers of the systems called (`respond`), and which headers are compared, are kept from the old expectation.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from xkit_operator.golden.case import Case, Request
from xkit_operator.golden.running import Outcome
from xkit_operator.local.document import Document

_WIDTH = 120


class NotUpdatable(ValueError):
    """A case in braces: there is no line to write below."""


def update(outcomes: Iterable[Outcome]) -> list[Path]:
    """Write the expectation of each case that failed; the files that changed. Raises OSError and NotUpdatable."""
    by_file: dict[Path, list[Outcome]] = {}
    for outcome in outcomes:
        if not outcome.has_passed:
            by_file.setdefault(outcome.test.file, []).append(outcome)
    for file, failed in by_file.items():
        lines = file.read_text("utf-8").splitlines()
        for outcome in sorted(failed, key=lambda one: -one.test.place.line):  # places above stay right
            lines = _replaced(lines, outcome.test.document, outcome.test.index, expectation(outcome))
        file.write_text("\n".join(lines) + "\n", "utf-8")
    return list(by_file)


def expectation(outcome: Outcome) -> dict[str, Any]:
    """What a case came to, as `expect`."""
    case, happened = outcome.test.case, outcome.happened
    answer = happened.answer
    found: dict[str, Any] = {} if happened.inputs is None else {"inputs": happened.inputs}
    found["requests"] = [_request(case, call.index, call) for call in happened.calls]
    found["outcome"] = answer["outcome"]
    if answer["outcome"] == "succeeded" and (answer.get("result") is not None or case.expect.tells_result):
        found["result"] = answer.get("result")
    if "code" in answer:
        found["error"] = {"code": answer["code"]}
        if answer.get("errors"):
            found["error"]["errors"] = [{name: one[name] for name in ("input", "code")} for one in answer["errors"]]
    return found


def _request(case: Case, index: int | None, call: Any) -> dict[str, Any]:
    old: Request | None = None if index is None else case.expect.requests[index]
    request: dict[str, Any] = {"method": call.method, "url": call.url}
    compared = old.headers if old else {}
    headers = {name: call.headers[name.lower()] for name in compared if name.lower() in call.headers}
    if headers:
        request["headers"] = headers
    if call.body is not None:
        request["body"] = call.body
    respond = None if old is None else old.respond.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {**request, "respond": respond or {"status": 200, "body": {}}}


def _replaced(lines: Sequence[str], document: Document, index: int, expected: dict[str, Any]) -> list[str]:
    case = document.node.value[index]
    if case.flow_style:
        raise NotUpdatable(f"{document.place((index,))}: a case in braces is not written to: begin it with `- name:`")
    column = case.value[0][0].start_mark.column
    text = yaml.safe_dump(
        {"expect": expected}, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None
    )
    fresh = [f"{' ' * column}{line}" for line in text.splitlines()]
    old = next(((key, value) for key, value in case.value if key.value == "expect"), None)
    if old is None:
        end = _end(lines, case.start_mark.line, case.end_mark.line, case.end_mark.column)
        return [*lines[:end], *fresh, *lines[end:]]
    key, value = old
    end = _end(lines, key.start_mark.line, value.end_mark.line, value.end_mark.column)
    return [*lines[: key.start_mark.line], *fresh, *lines[end:]]


def _end(lines: Sequence[str], start: int, end: int, column: int) -> int:
    """The line behind a value: without the blank lines and comments that follow it, which belong to what comes next."""
    end = end + 1 if column and end < len(lines) and lines[end][:column].strip() not in ("", "-") else end
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end
