"""`xkit logs`: what all Pods of a Destination say, in one stream of readable lines."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any, Literal

import click

from xkit_operator.cli.cluster import ObjectName, access_options
from xkit_operator.cli.logs_text import LogDisplay
from xkit_operator.cli.options import output_option, report
from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.inspecting.access import Access
from xkit_operator.inspecting.asking import ask
from xkit_operator.inspecting.logs.container import Extent
from xkit_operator.inspecting.logs.line import Line, Wanted
from xkit_operator.inspecting.logs.reading import Reading
from xkit_operator.kube.client import Cluster
from xkit_operator.objects.pod import DISPATCHER, FUNCTION

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(?:\d+[smhd])+")
_LOGGED = [one.value for one in Outcome if one not in (Outcome.MAPPED, Outcome.SKIPPED)]


class Duration(click.ParamType[int]):
    """Seconds, written as 90s, 5m or 1h30m."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """As whole seconds, at least one."""
        if not _DURATION.fullmatch(value):
            self.fail(f"{value!r} is no duration: say 90s, 5m, 1h30m or 2d", param, ctx)
        return max(1, sum(int(one[:-1]) * _UNITS[one[-1]] for one in re.findall(r"\d+[smhd]", value)))


@click.command(
    "logs",
    epilog="\b\nExamples:\n"
    "  xkit logs crm-contacts -f\n"
    "  xkit logs crm-contacts -n crm --since 1h --source hubspot --outcome rejected\n"
    "  xkit logs crm-contacts --tail 100 -o json | jq -r .message",
)
@click.argument("name", metavar="NAME", type=ObjectName())
@click.option("-f", "--follow", is_flag=True, help="Go on with what is written, by Pods that come later, too.")
@click.option("--since", type=Duration(), metavar="DURATION", help="Not what is older than that, such as 5m or 1h30m.")
@click.option("--tail", type=click.IntRange(-1), default=-1, metavar="LINES",
              help="Only the last LINES of each container, before any other choice. Default: all.")  # fmt: skip
@click.option("--source", metavar="SLUG", help="Only lines about records of this source app.")
@click.option("--outcome", "outcomes", type=click.Choice(_LOGGED), multiple=True,
              help="Only lines about records with this outcome; can be given several times.")  # fmt: skip
@click.option("-c", "--container", type=click.Choice([FUNCTION, DISPATCHER]), help="Only this one. Default: both.")
@access_options()
@output_option("json")
def command(
    *,
    name: str,
    follow: bool,
    since: int | None,
    tail: int,
    source: str | None,
    outcomes: tuple[str, ...],
    container: str | None,
    access: Access,
    output: Literal["text", "json"],
) -> None:
    """Show what the Pods of a Destination say.

    The lines of all its Pods, in the order in which they were written: what functions print, with the record that
    they were called for, and what the dispatcher says of records that did not succeed. Of those that did, one line
    in ten seconds stands for all. Ctrl-C ends -f.
    """
    wanted, extent = Wanted(source, frozenset(outcomes)), Extent(since, None if tail < 0 else tail)
    write = _json if output == "json" else LogDisplay(click.echo, name, datetime.now().astimezone)

    async def question(cluster: Cluster, namespace: str) -> None:
        reading = Reading(cluster, namespace, name, container, report)
        await _written(reading.follow(extent) if follow else reading.until_now(extent), wanted, write)

    asyncio.run(ask(access, question))


async def _written(lines: AsyncGenerator[Line, None], wanted: Wanted, write: Callable[[Line], None]) -> None:
    async with aclosing(lines):
        async for line in lines:
            if wanted(line):
                write(line)


def _json(line: Line) -> None:
    click.echo(json.dumps(line.to_dict(), ensure_ascii=False))
