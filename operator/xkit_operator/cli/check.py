"""`xkit check`: everything that the API server and the operator would say, at once and without either."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Literal

import click

from xkit_operator.cli.options import node_option, output_option, paths_argument, report
from xkit_operator.cli.sarif import sarif
from xkit_operator.local.checking.check import Checked, check
from xkit_operator.local.finding import Finding, Level
from xkit_operator.local.node import find_node
from xkit_operator.local.project import load

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


@click.command(
    "check",
    epilog="\b\nExamples:\n"
    "  xkit check\n"
    "  xkit check destinations/ mappings/hubspot.yaml\n"
    "  kubectl kustomize overlays/production | xkit check -",
)
@paths_argument()
@output_option("json", "sarif")
@node_option()
@click.option("--syntax/--no-syntax", default=True, help="Whether functions are parsed, which takes Node.js.")
def command(
    *, paths: tuple[Path, ...], output: Literal["text", "json", "sarif"], node: Path | None, syntax: bool
) -> None:
    """Say all that the API server and the operator would refuse.

    PATH is a file, a folder with YAML, or - for the standard input; without one it is the current folder. Every finding
    is one line: file:line:column: code: message. The exit code is 1 if one of them is an error.
    """
    find = (lambda: find_node(node, os.environ, report)) if syntax else None
    checked = asyncio.run(check(load(paths), find))
    if output == "text":
        for finding in checked.findings:
            click.echo(_line(finding))
        click.echo(_summary(checked), err=True)
    else:
        document = sarif(checked.findings) if output == "sarif" else _document(checked)
        click.echo(json.dumps(document, indent=2))
    sys.exit(any(one.level is Level.ERROR for one in checked.findings))


def _line(finding: Finding) -> str:
    place, _, rest = str(finding).partition(f"{finding.code}: ")
    return f"{place}{click.style(finding.code, fg=_COLOURS[finding.level])}: {rest}"


def _summary(checked: Checked) -> str:
    counts = [(level, sum(one.level is level for one in checked.findings)) for level in Level]
    said = ", ".join(_counted(count, level.value) for level, count in counts if count) or "nothing to mend"
    return f"{_counted(checked.objects, 'object')} in {_counted(checked.files, 'file')}: {said}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _document(checked: Checked) -> dict[str, object]:
    return {
        "findings": [
            {
                "file": str(one.place.path),
                "line": one.place.line,
                "column": one.place.column,
                "level": one.level.value,
                "code": one.code,
                "message": one.message,
            }
            for one in checked.findings
        ],
        "files": checked.files,
        "objects": checked.objects,
    }
