"""`xkit init`: a project to start from, whose own check and tests are clean."""

import json
from pathlib import Path
from typing import Literal

import click

from xkit_operator.cli.options import output_option
from xkit_operator.local.initiation import write_project


@click.command("init", epilog="\b\nExample:\n  xkit init crm-contacts")
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
@output_option("json")
def command(*, folder: Path, output: Literal["text", "json"]) -> None:
    """Write a small working project.

    NAME is the folder to make, and what the Destination in it is called.
    """
    files = [folder / file for file in write_project(folder)]
    if output == "json":
        click.echo(json.dumps({"files": list(map(str, files))}))
        return
    for file in files:
        click.echo(file)
    click.echo(f"next: cd {folder}, xkit check, xkit test; then make it yours", err=True)
