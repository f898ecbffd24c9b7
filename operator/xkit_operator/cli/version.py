"""`xkit version`: which release of the command line this is, and what functions run on."""

import json
from typing import Literal

import click

from xkit_operator import __version__
from xkit_operator.cli.options import output_option
from xkit_operator.local.shipped import declaration, known_runtimes


@click.command("version", epilog="\b\nExample:\n  xkit version -o json")
@output_option("json")
def command(output: Literal["text", "json"]) -> None:
    """Print the versions of what is at work."""
    if output == "json":
        click.echo(json.dumps({"cli": __version__, "runtimes": _runtimes()}))
        return
    click.echo(f"xkit {__version__}")
    for name, node in _runtimes().items():
        click.echo(f"{name}: Node.js {node}")


def _runtimes() -> dict[str, str]:
    return {name: declaration(name).node.version for name in known_runtimes()}
