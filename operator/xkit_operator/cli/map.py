"""`xkit map`: what a mapping makes of one record, input by input, before anything is sent."""

import json
import sys
from pathlib import Path
from typing import Literal

import click

from xkit_operator.api.destination import Operation
from xkit_operator.cli.options import ExistingPath, destination_option, output_option, paths_argument
from xkit_operator.cli.table import table
from xkit_operator.dispatcher.dispatching.dry_run import described
from xkit_operator.local.choice import choose
from xkit_operator.local.project import load
from xkit_operator.local.sample import read_sample
from xkit_operator.local.serving import mapping_for
from xkit_operator.local.tree import STANDARD_INPUT
from xkit_operator.mapping.explain import Explanation, Origin, explain
from xkit_operator.mapping.rendering import render


@click.command(
    "map",
    epilog="\b\nExamples:\n"
    "  xkit map crm-contacts --source hubspot --record samples/hubspot-contact.json\n"
    "  xkit map crm-contacts --record samples/hubspot-delete.json --operation delete -o json",
)
@paths_argument()
@click.option("--record", required=True, metavar="FILE", type=ExistingPath(), help="Record as JSON; - reads a pipe.")
@click.option("--source", metavar="SLUG", help="Source app, unless the file has an envelope that says it.")
@click.option("--object", "kind", metavar="KIND", help="Kind of record, where the app sends several.")
@click.option("--operation", type=click.Choice(["upsert", "delete"]), help="Whose inputs are shown. Default: upsert.")
@destination_option()
@output_option("json")
def command(
    *,
    paths: tuple[Path, ...],
    record: Path,
    source: str | None,
    kind: str | None,
    operation: Operation | None,
    destination: str | None,
    output: Literal["text", "json"],
) -> None:
    """Show what a mapping makes of one record.

    Every input with its type, its value and where that came from, by the code that runs in the cluster. With anything
    that would keep the function from being called, all of it is listed, and the exit code is 1.
    """
    text = sys.stdin.buffer.read() if record == STANDARD_INPUT else record.read_bytes()
    sample = read_sample(str(record), text, slug=source, kind=kind, operation=operation)
    if sample.slug is None:
        raise click.UsageError("say with --source which app the record comes from")
    chosen = choose(load(paths), destination)
    mapping = mapping_for(chosen, sample.operation, sample.slug, sample.object)
    explanations = explain(mapping.spec, mapping.inputs, sample.record)
    if output == "json":
        click.echo(json.dumps({"mapping": mapping.name, "inputs": [described(one) for one in explanations]}, indent=2))
    else:
        click.echo(table(("INPUT", "TYPE", "VALUE", "FROM"), map(_row, explanations)))
        for line in _complaints(explanations):
            click.echo(line, err=True)
    sys.exit(any(one.errors for one in explanations))


def _row(one: Explanation) -> tuple[str, str, str, str]:
    value = click.style("error", fg="red") if one.errors else render(one.value)
    return one.input, one.type, value, _origin(one)


def _origin(one: Explanation) -> str:
    match one.origin:
        case Origin.RECORD:
            return f"{one.pointer} ({one.transformation})"
        case Origin.STATIC:
            return "the mapping (static)"
        case Origin.DEFAULT:
            return f"the default: nothing at {one.pointer}"
        case Origin.NOTHING if one.pointer is None:
            return "left empty" if one.transformation else "no entry"
        case Origin.NOTHING:
            return f"nothing at {one.pointer}"


def _complaints(explanations: list[Explanation]) -> list[str]:
    errors = [f"{error.code}: {error.message}" for one in explanations for error in one.errors]
    nulled = [f"null instead of {error.code}: {error.message}" for one in explanations for error in one.nulled]
    seen = [f"input {one.input}: find saw {', '.join(one.seen)}" for one in explanations if one.seen]
    return errors + nulled + seen
