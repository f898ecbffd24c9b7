"""Arguments and options that several commands have, each written once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from xkit_operator.local.tree import STANDARD_INPUT

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class ExistingPath(click.Path):
    """A file, or a folder where `folders` may be given, that is there; or `-` for the standard input."""

    def __init__(self, *, folders: bool = False) -> None:
        super().__init__(exists=True, dir_okay=folders, allow_dash=True, path_type=Path)


def paths_argument() -> Decorator:
    """`paths`: what a project is read from; the current folder where nothing is said."""
    return click.argument("paths", metavar="[PATH]...", nargs=-1, type=ExistingPath(folders=True), callback=_here)


def output_option(*forms: str) -> Decorator:
    """`output`: text for people unless one of `forms` is asked for."""
    return click.option(
        "-o",
        "--output",
        type=click.Choice(["text", *forms]),
        default="text",
        help="How to print it.",
        show_default=True,
    )


def node_option() -> Decorator:
    """`node`: the Node.js that runs functions."""
    return click.option(
        "--node",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Node.js 14 to use. Default: $XKIT_NODE, else one that is fetched once.",
    )


def destination_option() -> Decorator:
    """`destination`: which one, where a project has several."""
    return click.option("--destination", metavar="NAME", help="Destination to use, if there are several.")


def assignments_option() -> Decorator:
    """`assignments`: values of variables, by their names."""
    return click.option(
        "--set",
        "assignments",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_assignments,
        help="Value of a variable; else Secrets and ConfigMaps are read from the manifests.",
    )


def report(text: str) -> None:
    """Say what takes a while, beside the output."""
    click.echo(text, err=True)


def _assignments(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise click.BadParameter(f"{name}: say NAME=VALUE")
    return {name: value for name, _, value in pairs}


def _here(ctx: click.Context, parameter: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    if paths.count(STANDARD_INPUT) > 1:
        raise click.BadParameter("- may be given once")
    return paths or (Path(),)
