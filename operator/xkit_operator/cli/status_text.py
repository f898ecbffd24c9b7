"""What `xkit status` prints for people: tables, then what is wrong and what to do about it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from xkit_operator.cli.table import table
from xkit_operator.inspecting.advice import next_of_mapping, next_step
from xkit_operator.inspecting.facts import DestinationFacts, MappingFacts, Verdict
from xkit_operator.inspecting.gathering import Overview

_COLOURS = {"True": "green", "False": "red", "Unknown": "yellow"}
_NOT_SEEN = "(you may not see them)"


def listed(found: Overview, now: datetime, *, with_namespaces: bool) -> str:
    """Destinations, SourceMappings, and a paragraph for each of both that is not ready."""
    mappings = [*(mapping for one in found.destinations for mapping in one.mappings), *found.strays]
    prefix = ("NAMESPACE",) if with_namespaces else ()

    def row(one: DestinationFacts | MappingFacts, *cells: str) -> tuple[str, ...]:
        return (*((one.namespace,) if with_namespaces else ()), one.name, *cells, age(one.created_at, now))

    parts = []
    if found.destinations:
        heading = (*prefix, "DESTINATION", "READY", "REASON", "SOURCES", "PODS", "AGE")
        rows = [row(one, *_verdict(one.verdict), _sources(one), _pods(one)) for one in found.destinations]
        parts.append(table(heading, rows))
    if mappings:
        heading = (*prefix, "MAPPING", "DESTINATION", "SOURCE", "READY", "REASON", "AGE")
        parts.append(
            table(heading, (row(one, one.destination, one.source, *_verdict(one.verdict)) for one in mappings))
        )
    parts += [_problem(one, next_step(one)) for one in found.destinations if _is_bad(one.verdict)]
    parts += [_problem(one, next_of_mapping(one)) for one in mappings if _is_bad(one.verdict)]
    return "\n\n".join(parts)


def detail(one: DestinationFacts, now: datetime) -> str:
    """All of one Destination."""
    status = one.status
    facts = [
        ("Ready", _summary(one.verdict)),
        ("Namespace", one.namespace),
        ("Age", age(one.created_at, now)),
        ("URL", status.url or "-"),
        ("Image", status.image or "-"),
        ("Runtime", status.runtime or "-"),
        ("Pods", _pods(one) if one.pods is not None else f"{_pods(one)} {_NOT_SEEN}"),
    ]
    parts = [f"{click.style(one.name, bold=True)}\n" + _indented(_facts(facts))]
    conditions = [
        (each.type, _coloured(each.status), each.reason, age(each.last_transition_time, now), _flat(each.message))
        for each in status.conditions
    ]
    parts += _section(("CONDITION", "STATUS", "REASON", "SINCE", "MESSAGE"), conditions)
    mappings = [
        (each.name, each.source, *_verdict(each.verdict), _flat(each.verdict.message) or ", ".join(each.warnings))
        for each in one.mappings
    ]
    parts += _section(("MAPPING", "SOURCE", "READY", "REASON", "MESSAGE"), mappings)
    pods = [
        (each.name, each.ready, each.state, str(each.restarts), age(each.created_at, now)) for each in one.pods or ()
    ]
    parts += _section(("POD", "READY", "STATE", "RESTARTS", "AGE"), pods)
    warnings = [(age(each.last_seen, now), each.reason, each.about, _flat(each.message)) for each in one.troubles or ()]
    parts += _section(("WARNING", "REASON", "ABOUT", "MESSAGE"), warnings)
    return "\n\n".join([*parts, f"next: {next_step(one)}"])


def age(since: str, now: datetime) -> str:
    """How long ago that was, in its largest unit, as kubectl has it."""
    seconds = max(0, int((now - datetime.fromisoformat(since)).total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _section(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [table(heading, rows)] if rows else []


def _verdict(verdict: Verdict) -> tuple[str, str]:
    return _coloured(verdict.ready), verdict.reason


def _summary(verdict: Verdict) -> str:
    if (verdict.reason, verdict.message) == ("Ready", ""):
        return _coloured(verdict.ready)
    return f"{_coloured(verdict.ready)}, {verdict.reason}" + (f": {verdict.message}" if verdict.message else "")


def _coloured(status: str) -> str:
    return click.style(status, fg=_COLOURS.get(status, "yellow"))


def _is_bad(verdict: Verdict) -> bool:
    return verdict.ready != "True"


def _sources(one: DestinationFacts) -> str:
    return one.status.sources or "-"


def _pods(one: DestinationFacts) -> str:
    return f"{one.status.ready_replicas or 0}/{one.status.replicas or 0}"


def _problem(one: DestinationFacts | MappingFacts, next_: str) -> str:
    head = f"{one.namespace}/{one.name}: {click.style(one.verdict.reason, fg='red')}"
    return "\n".join([head, _indented(one.verdict.message), _indented(f"next: {next_}")])


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name:10} {value}" for name, value in facts)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _flat(text: str) -> str:
    return " ".join(text.split())
