"""`xkit run`: the real runner on this machine, with the next version a moment after a file is saved."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Literal

import click

from xkit_operator.cli.options import (
    assignments_option,
    destination_option,
    node_option,
    output_option,
    paths_argument,
    report,
)
from xkit_operator.errors import InvalidProject
from xkit_operator.local.node import find_node
from xkit_operator.local.packages import default_packages
from xkit_operator.local.tree import STANDARD_INPUT
from xkit_operator.running.display import Display
from xkit_operator.running.relay import Relay
from xkit_operator.running.session import Machine, Session
from xkit_operator.running.version import Broken, Choice


@click.command(
    "run",
    epilog="\b\nExamples:\n"
    "  xkit run\n"
    "  xkit run examples/crm-contacts --port 8080 --set baseUrl=http://localhost:9000 --set apiKey=test",
)
@paths_argument()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any that is free.")
@assignments_option()
@destination_option()
@node_option()
@output_option("json")
def command(
    *,
    paths: tuple[Path, ...],
    port: int,
    assignments: dict[str, str],
    destination: str | None,
    node: Path | None,
    output: Literal["text", "json"],
) -> None:
    """Serve a Destination on this machine, and reload it on change.

    What serves is what runs in a Pod; each dispatch is printed. A change is served a moment after it is saved,
    without losing a record that is in flight; while the new version is broken, the last one goes on. Ctrl-C ends
    it.
    """
    if STANDARD_INPUT in paths:
        raise click.UsageError("a project on the standard input cannot be watched: name a file or folder")
    choice = Choice(paths, destination, assignments)
    machine = Machine(find_node(node, os.environ, report), default_packages(report))
    sys.exit(asyncio.run(_run(choice, machine, port, Display(click.echo, as_json=output == "json"))))


async def _run(choice: Choice, machine: Machine, port: int, display: Display) -> int:
    try:
        relay = await Relay.open(port)
    except OSError as error:
        raise InvalidProject(
            f"port {port} cannot be listened on: {error.strerror}; choose another with --port"
        ) from error
    session = Session(choice, machine, relay, display)
    loop = asyncio.get_running_loop()
    main = loop.create_task(_serve(session, relay, display))
    stops = 0

    def stop() -> None:
        nonlocal stops
        stops += 1
        if stops == 1:
            main.cancel()
        else:
            session.kill()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await main
    except asyncio.CancelledError:
        display.note("stopping: what runs is finished; Ctrl-C again does not wait for it")
    except Broken as broken:
        click.echo(str(broken), err=True)
        return 1
    finally:
        await session.close()
    return 0


async def _serve(session: Session, relay: Relay, display: Display) -> None:
    await session.start()
    url = f"http://localhost:{relay.port}/v1/records"
    display.note(f"serving at {url}", url=url)
    await session.follow()
