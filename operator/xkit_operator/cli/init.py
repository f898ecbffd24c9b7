"""`xkit init`: a project to start from, whose own check and tests are clean."""

from pathlib import Path

import click

from xkit_operator.local.initiation import write_project


@click.command("init", epilog="\b\nExample:\n  xkit init crm-contacts")
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
def command(*, folder: Path) -> None:
    """Write a small working project.

    NAME is the folder to make, and what the Destination in it is called.
    """
    for file in write_project(folder):
        click.echo(folder / file)
    click.echo(f"next: cd {folder}, xkit check, xkit test; then make it yours", err=True)
