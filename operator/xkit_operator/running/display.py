"""Lines of a runner for the eyes of a developer: each dispatch, what functions print, and what else is to be known."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import click

_COLOURS = {"succeeded": "green", "skipped": "cyan", "mapped": "green", "rejected": "yellow", "malformed": "yellow"}
_MOST_RESULT = 120
_QUIET = ("serving", "leaving", "ended", "records succeeded", "record failed", "record malformed")
"""Said by the dispatches themselves, or by whoever starts and stops the runner."""

Write = Callable[[str], None]


class Display:
    """Writes lines for people, or, `as_json`, what they are made of."""

    def __init__(self, write: Write, *, as_json: bool) -> None:
        self._write = write
        self._as_json = as_json

    def event(self, process: str, line: dict[str, Any]) -> None:
        """See Generation.OnEvent."""
        if "dispatch" in line:
            self._say(line, dispatch_lines(line["dispatch"]))
        elif process == "function" and "record" in line:
            self._say({"console": line}, console_lines(line))
        elif line.get("level") in ("warning", "warn", "error") and line.get("message") not in _QUIET:
            detail = f": {line['detail']}" if "detail" in line else ""
            self._say({"runner": line}, [f"{_now()}  {process}: {line['message']}{detail}"])

    def note(self, text: str, **facts: Any) -> None:
        """Something about the runner as a whole."""
        self._say({"note": text, **facts}, [f"{_now()}  {text}"])

    def _say(self, facts: Mapping[str, Any], lines: list[str]) -> None:
        self._write(json.dumps(facts, ensure_ascii=False) if self._as_json else "\n".join(lines))


def dispatch_lines(dispatch: Mapping[str, Any]) -> list[str]:
    """One record: a line, and one more for each thing that is wrong with it."""
    answer = dispatch["answer"]
    outcome = answer["outcome"]
    source = dispatch.get("source", {})
    where = "/".join(filter(None, (source.get("slug"), source.get("object"))))
    attempt = f" (attempt {dispatch['attempt']})" if dispatch.get("attempt", 1) > 1 else ""
    head = (
        f"{_now()}  {dispatch.get('operation', '?'):6}  {where or '?':20}"
        f"  {click.style(f'{outcome:11}', fg=_COLOURS.get(outcome, 'red'))}"
        f"  {dispatch['seconds'] * 1000:7.1f} ms  {answer.get('id', '')}{attempt}"
    )
    return [head, *(f"              {line}" for line in _details(answer))]


def console_lines(line: Mapping[str, Any]) -> list[str]:
    """What a function printed, with the record that it belongs to."""
    first, *rest = str(line["message"]).split("\n")
    level = "" if line["level"] == "info" else f"{line['level']}: "
    about = line["record"] or line["operation"] or "function"
    return [f"{_now()}  {about} | {level}{first}", *(f"              | {text}" for text in rest)]


def _details(answer: Mapping[str, Any]) -> list[str]:
    if answer["outcome"] == "succeeded":
        result = json.dumps(answer.get("result"), ensure_ascii=False)
        lines = [] if result == "null" else [f"-> {result[:_MOST_RESULT]}{'…' if len(result) > _MOST_RESULT else ''}"]
        warning = answer.get("warning")
        return [*lines, *([f"warning: {warning['code']}: {warning.get('message', '')}"] if warning else [])]
    if answer["outcome"] == "skipped":
        return [answer["message"]]
    errors = [f"{one['code']}: {one['message']}" for one in answer.get("errors", ())]
    return errors or [f"{answer.get('code')}: {answer.get('detail')}"]


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S.%f")[:-3]
