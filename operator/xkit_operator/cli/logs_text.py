"""Lines of runner Pods for people: when, which Pod, which record, and what was said."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from xkit_operator.inspecting.logs.line import SUCCEEDED, Line
from xkit_operator.objects.pod import FUNCTION

_POD_COLOURS = ("cyan", "magenta", "blue", "yellow", "green")
_LEVEL_COLOURS = {"warning": "yellow", "warn": "yellow", "error": "red"}
_OF_EVERY_LINE = frozenset({"time", "level", "message"})


class LogDisplay:
    """Writes a line, or several for one that has more to say. `now` gives the local time."""

    def __init__(self, write: Callable[[str], None], destination: str, now: Callable[[], datetime]) -> None:
        self._write = write
        self._prefix = f"{destination}-"
        self._now = now
        self._colours: dict[str, str] = {}

    def __call__(self, line: Line) -> None:
        """Show `line`."""
        first, *rest = _words(line)
        pod = click.style(line.pod.removeprefix(self._prefix), fg=self._colour(line.pod))
        self._write("\n".join([f"{self._clock(line.time)}  {pod}  {first}", *(f"              {one}" for one in rest)]))

    def _colour(self, pod: str) -> str:
        return self._colours.setdefault(pod, _POD_COLOURS[len(self._colours) % len(_POD_COLOURS)])

    def _clock(self, time: datetime) -> str:
        local, now = time.astimezone(), self._now()
        day = "" if local.date() == now.date() else f"{local:%Y-%m-%d} "
        return f"{day}{local:%H:%M:%S}.{local.microsecond // 1000:03}"


def _words(line: Line) -> list[str]:
    facts = line.facts
    if line.container == FUNCTION:
        return _printed(facts)
    if facts.get("message") in ("record failed", "record malformed"):
        return _record(line, facts)
    if line.outcome == SUCCEEDED:
        return [_success(facts)]
    more = ", ".join(f"{name} {value}" for name, value in facts.items() if name not in _OF_EVERY_LINE)
    return [f"dispatcher: {_levelled(facts)}" + (f" ({more})" if more else "")]


def _printed(facts: dict[str, Any]) -> list[str]:
    """What a function printed, as `xkit run` shows it."""
    first, *rest = str(facts.get("message")).split("\n")
    about = facts.get("record") or facts.get("operation") or facts.get("executor") or FUNCTION
    return [f"{about} | {_levelled({**facts, 'message': first})}", *(f"| {one}" for one in rest)]


def _record(line: Line, facts: dict[str, Any]) -> list[str]:
    """A record that did not succeed: one line, and one for each input that is wrong."""
    attempt = f" (attempt {facts['attempt']})" if facts.get("attempt", 1) > 1 else ""
    outcome = click.style(str(line.outcome), fg=_LEVEL_COLOURS.get(str(facts.get("level"))))
    took = f" after {facts['seconds'] * 1000:.1f} ms" if "seconds" in facts else ""
    words = [facts.get("operation"), facts.get("source")]
    head = " ".join(filter(None, [facts.get("id"), "|", *words, f"{outcome}{took}: {facts.get('code')}{attempt}"]))
    errors = [": ".join(filter(None, (one.get("input"), one.get("code")))) for one in facts.get("errors", ())]
    return [head, *errors]


def _success(facts: dict[str, Any]) -> str:
    others = facts.get("records", 1) - 1
    more = f", and {others} more since the last such line" if others else ""
    outcome = click.style(SUCCEEDED, fg="green")
    took = f" after {facts['seconds'] * 1000:.1f} ms" if "seconds" in facts else ""
    return f"{facts.get('id')} | {facts.get('operation')} {facts.get('source')} {outcome}{took}{more}"


def _levelled(facts: dict[str, Any]) -> str:
    level = str(facts.get("level", "info"))
    said = "" if level == "info" else click.style(f"{level}: ", fg=_LEVEL_COLOURS.get(level))
    return f"{said}{facts.get('message')}"
