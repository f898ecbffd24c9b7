"""`xkit version`: which release of the command line this is."""

import json
from typing import Literal

import click

from xkit_operator import __version__


@click.command()
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def version(output: Literal["text", "json"]) -> None:
    """Print the version.

    Example: xkit version -o json
    """
    click.echo(json.dumps({"cli": __version__}) if output == "json" else f"xkit {__version__}")
