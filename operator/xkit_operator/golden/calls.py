"""What functions sent while a case ran: written by runtimes/executor/golden/intercept.js, read when it is over."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xkit_operator.golden.case import Request


@dataclass(frozen=True)
class Call:
    """One request that was sent."""

    record: str | None
    """Of whom; None for code at the top of a file."""
    index: int | None
    """Of the expected request that it is; None when there is none."""
    method: str
    url: str
    headers: dict[str, str]
    body: Any
    """What its text says as JSON, or the text; None without one."""


class Exchange:
    """The folder in which answers are laid out for a function, and its calls are noted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._calls = folder / "calls.jsonl"
        self._read_to = 0

    def expect(self, number: int, record: str, requests: tuple[Request, ...], *, lenient: bool) -> None:
        """Have the requests of `record` answered, in the case with this number; `lenient`: all others as well."""
        answers = [_answer(one) for one in requests]
        plan = {"number": number, "record": record, "answers": answers, "lenient": lenient}
        (self.folder / "plan.json").write_text(json.dumps(plan))

    def calls(self) -> list[Call]:
        """What was sent since the last time."""
        if not self._calls.exists():
            return []
        with self._calls.open("rb") as file:
            file.seek(self._read_to)
            text = file.read()
            self._read_to = file.tell()
        return [_call(json.loads(line)) for line in text.splitlines()]


def _answer(request: Request) -> dict[str, Any]:
    respond = request.respond
    is_text = isinstance(respond.body, str)
    body = respond.body if is_text else "" if respond.body is None else json.dumps(respond.body)
    headers = {"content-type": "text/plain; charset=utf-8" if is_text else "application/json"} if body else {}
    given = {name.lower(): value for name, value in respond.headers.items()}
    answer = {"status": respond.status, "headers": headers | given, "body": body, "error": respond.error is not None}
    return {"method": request.method.upper(), "url": request.url, "respond": answer}


def _call(line: dict[str, Any]) -> Call:
    return Call(**{**line, "headers": _texts(line["headers"]), "body": _body(line["body"])})


def _texts(headers: dict[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else ", ".join(value) for name, value in headers.items()}


def _body(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
