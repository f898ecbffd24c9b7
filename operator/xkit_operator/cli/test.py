"""`xkit test`: the golden tests beside the manifests, on the real mapping and executor, without a network."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Literal

import click

from xkit_operator.cli.options import destination_option, node_option, output_option, paths_argument, report
from xkit_operator.errors import XkitError
from xkit_operator.golden.running import Benches
from xkit_operator.golden.session import Wish, changed, look, run_once
from xkit_operator.golden.update import NotUpdatable
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.local.node import find_node
from xkit_operator.local.packages import default_packages
from xkit_operator.running.version import Broken


@click.command(
    "test",
    epilog="\b\nExamples:\n"
    "  xkit test examples/crm-contacts\n"
    "  xkit test -k 'gone already' --watch\n"
    "  xkit test . -j 4 --junit build/golden.xml",
)
@paths_argument()
@click.option("-k", "keyword", metavar="TEXT", help="Only the tests whose file or name contains TEXT.")
@click.option("-j", "benches", type=click.IntRange(1, 64), default=1, show_default=True, help="Executors at once.")
@click.option("--update", is_flag=True, help="Write what comes out into the tests that fail, as what they expect.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write JUnit XML.")
@destination_option()
@node_option()
@output_option("json")
def command(
    *,
    paths: tuple[Path, ...],
    keyword: str | None,
    benches: int,
    update: bool,
    watch: bool,
    junit: Path | None,
    destination: str | None,
    node: Path | None,
    output: Literal["text", "json"],
) -> None:
    """Run the golden tests of a project, without a network.

    They stand in its folders `tests`. A test says a record and what comes of it: inputs, requests that the function
    sends, outcome, result or error. The requests are answered as the test says and never sent; one that it does not
    name fails it.
    """
    found = Benches(find_node(node, os.environ, report), default_packages(report), benches, lenient=update)
    wish = Wish(paths, destination, found, keyword, junit, is_update=update, as_json=output == "json")
    sys.exit(0 if asyncio.run(_watch(wish) if watch else _once(wish)) else 1)


async def _once(wish: Wish) -> bool:
    checker = SyntaxChecker()
    try:
        return await _told(wish, checker)
    finally:
        await checker.close()


async def _watch(wish: Wish) -> bool:
    """Until Ctrl-C."""
    checker = SyntaxChecker()
    try:
        while True:
            seen = look(wish)
            await _told(wish, checker)
            click.echo("waiting for a change; Ctrl-C ends")
            seen = await changed(wish, seen)
    finally:
        await checker.close()


async def _told(wish: Wish, checker: SyntaxChecker) -> bool:
    try:
        return await run_once(wish, checker, click.echo)
    except Broken as broken:
        click.echo(str(broken), err=True)
    except (XkitError, OSError, NotUpdatable) as error:
        click.echo(f"Error: {error}", err=True)
    return False
