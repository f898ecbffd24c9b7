"""`xkit send`: records to a runner, with order per key, retries, and an honest account of what became of them."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import click

from xkit_operator.cli.options import assignments_option, destination_option, node_option, output_option, report
from xkit_operator.errors import InvalidProject
from xkit_operator.local.node import find_node
from xkit_operator.local.packages import default_packages
from xkit_operator.running.display import Display
from xkit_operator.running.session import Machine, served
from xkit_operator.running.version import Broken, Choice
from xkit_operator.sending.delivery import Delivery, Plan, deliver
from xkit_operator.sending.post import Endpoint
from xkit_operator.sending.retry import RetryPolicy
from xkit_operator.sending.sender import Pace
from xkit_operator.sending.source import Source

_file = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "send",
    epilog="\b\nExamples:\n"
    "  xkit send http://localhost:8080 --record samples/hubspot-contact.json\n"
    "  xkit send http://localhost:8080 --record contacts.jsonl --resume position --failures failed.jsonl\n"
    "  xkit send examples/orders --record order.json --set warehouseKey=test --dry-run",
)
@click.argument("target", metavar="URL|PATH")
@click.option("--record", "records", required=True, metavar="FILE|-|JSON",
              help="One record, an array of records, or JSON Lines; - is standard input.")  # fmt: skip
@click.option("--concurrency", type=click.IntRange(1, 256), default=4, show_default=True, help="Requests at once.")
@click.option("--batch", type=click.IntRange(1, 1000), default=50, show_default=True, help="Records in one request.")
@click.option("--attempts", type=click.IntRange(1, 100), default=5, show_default=True,
              help="How often a record is tried that may succeed later.")  # fmt: skip
@click.option("--patience", type=click.FloatRange(0), default=300.0, show_default=True, metavar="SECONDS",
              help="How long a record waits between its attempts, all in all.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only ask what the mapping makes of the records; no function is called.")
@click.option("--token-file", type=_file, help="File with the bearer token; else the environment variable XKIT_TOKEN.")
@click.option("--resume", "position", type=_file, metavar="FILE",
              help="Keep the position in FILE, and go on from there when it exists.")  # fmt: skip
@click.option("--failures", type=_file, metavar="FILE",
              help="Where records that did not succeed are kept, with the last answer; can be sent again.")  # fmt: skip
@assignments_option()
@destination_option()
@node_option()
@output_option("json")
def command(
    target: str,
    records: str,
    *,
    concurrency: int,
    batch: int,
    attempts: int,
    patience: float,
    dry_run: bool,
    token_file: Path | None,
    position: Path | None,
    failures: Path | None,
    assignments: dict[str, str],
    destination: str | None,
    node: Path | None,
    output: Literal["text", "json"],
) -> None:
    """Send records to a runner, and say what became of them.

    The runner is the one at URL, or one that is started for the project at PATH while it is needed. Records with
    the same key go one after the other. What is retryable is tried again, not before Retry-After is over. Ends with
    0 when every record succeeded, with 1 when one did not, and with 2 when the call is wrong.
    """
    source, token = Source(records), _token(token_file)
    if position is not None and source.path is None:
        raise click.UsageError("--resume needs a file of records")

    async def to(url: str) -> Delivery:
        try:
            endpoint = Endpoint.at(url, token=token, is_dry_run=dry_run)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        pace, policy = Pace(concurrency, batch), RetryPolicy(attempts, patience)
        return await deliver(Plan(source, endpoint, pace, policy, position, failures))

    if Path(target).exists():
        done = asyncio.run(_to_project(Choice((Path(target),), destination, assignments), node, to))
    else:
        done = asyncio.run(to(target))
    _print(done, output)
    sys.exit(done.exit_code)


async def _to_project(choice: Choice, node: Path | None, to: Callable[[str], Awaitable[Delivery]]) -> Delivery:
    """What functions print goes beside the summary, which may be for machines."""
    machine = Machine(find_node(node, os.environ, report), default_packages(report))
    display = Display(report, as_json=False)
    try:
        async with served(choice, machine, display) as url:
            return await to(url)
    except Broken as broken:
        raise InvalidProject(str(broken)) from broken


def _token(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("XKIT_TOKEN") or None
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"--token-file {file} cannot be read") from error


def _print(done: Delivery, output: Literal["text", "json"]) -> None:
    summary = done.summary
    if output == "json":
        facts = {**summary.to_dict(), "line": done.position.line, "complete": done.problem is None}
        click.echo(json.dumps(facts | ({"problem": done.problem} if done.problem else {})))
    else:
        if summary.records == 1 and summary.last is not None:
            click.echo(json.dumps(summary.last.body, indent=2, ensure_ascii=False))
        if summary.records:
            click.echo("\n".join(summary.table()))
    if done.problem is not None:
        click.echo(f"xkit: {done.problem}", err=True)
